// SPDX-License-Identifier: Apache-2.0
//
// Every scenario once, those with trouble at several moments, then random walks: the whole card and the update agent
// against each other in simulated time (see world.h). WALKS=n walks, SEED=n the first seed; SEED=n SCENARIO=name
// repeats one run, TRACE=1 shows it.
#include <stdlib.h>

#include "tests/check.h"
#include "tests/walk/world.h"

enum { FLASH = 16 << 20, WALKS = 1000, TROUBLES = 20 };

static struct world world;
static uint8_t *flash;

static struct {
    unsigned runs, updated, boots;
    uint64_t simulated_ns;
} total;

static uint64_t number(const char *name, uint64_t otherwise) {
    const char *text = getenv(name);
    return text == NULL ? otherwise : strtoull(text, NULL, 0);
}

/* @return whether everything held; else it has said what did not, and how to see it again */
static bool run(const struct scenario *scenario, uint64_t seed) {
    const bool good = world_run(&world, scenario, seed, flash, getenv("TRACE") != NULL);
    if (!good)
        printf("# %.3f s: %s\n# SEED=%llu SCENARIO=%s TRACE=1 build/tests/walk/walk\n", (double)world.card.now_ns / 1e9,
               world.violation, (unsigned long long)seed, scenario->name);
    total.runs++;
    total.updated += world.result == AGENT_DONE;
    total.boots += world.card.boots;
    total.simulated_ns += world.card.now_ns;
    world_free(&world);
    return CHECK(good);
}

static bool walk(uint64_t seed) {
    struct dice dice = {seed};
    const struct scenario scenario = scenario_random(&dice);
    return run(&scenario, seed);
}

static int repeat(const char *name, uint64_t seed) {
    TEST(name) {
        bool found = strcmp(name, "random") == 0;
        if (found) walk(seed);
        for (unsigned i = 0; i < scenario_count; i++) {
            if (strcmp(name, scenarios[i].name) != 0) continue;
            found = true;
            run(&scenarios[i], seed);
        }
        CHECK(found);
    }
    return check_result();
}

int main(void) {
    const uint64_t seed = number("SEED", 1), walks = number("WALKS", WALKS);
    const char *name = getenv("SCENARIO");
    flash = malloc(FLASH);
    if (flash == NULL) return 1;
    memset(flash, 0xFF, FLASH);
    if (name != NULL) {
        const int result = repeat(name, seed);
        free(flash);
        return result;
    }
    for (unsigned i = 0; i < scenario_count; i++) TEST(scenarios[i].sentence)
    for (uint64_t n = 0; n < (scenarios[i].trouble == NO_TROUBLE ? 1 : TROUBLES); n++)
        if (!run(&scenarios[i], seed + n)) break;
    printf("# seeds from %llu on\n", (unsigned long long)seed);
    TEST("given any faults, sizes and troubles / when updated / then the card comes to rest whole and can be updated")
    for (uint64_t i = 0; i < walks; i++)
        if (!walk(seed + i)) break;
    printf("# %u runs, %u updated at once, %u starts of the card, %.0f s simulated\n", total.runs, total.updated,
           total.boots, (double)total.simulated_ns / 1e9);
    free(flash);
    return check_result();
}
