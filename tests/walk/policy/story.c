// SPDX-License-Identifier: Apache-2.0
//
// The operator's policy on the whole card, real firmware and boot ROM, over a simulated line and with real signatures:
// stories of steps, each one operation of the update agent, and policies that a power cut meets at random instants.
// SEED=n the first seed, TRACE=1 shows what happens.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fw/boot/handover.h"
#include "fw/update/notice.h"
#include "host/simulation_key.h"
#include "tests/check.h"
#include "tests/walk/world.h"

#define NS_PER_MS UINT64_C(1000000)

enum { FLASH = 16 << 20, BOOT_MS = 100, PAUSE_MS = 1000, STEP_S = 120, CUTS = 150, CUT_MS = 260, OFF_MS = 50 };

/* What is set. */
enum which {
    FIRST,     /* sequence 1, tells the observer */
    AGAIN,     /* the same */
    DISABLED,  /* 2 */
    ENABLED,   /* 3 */
    STRANGE,   /* 4, signed by a stranger */
    REVOKED,   /* 4, by the revoked root */
    CHANGED,   /* 4, one bit changed after it was signed */
    NO_IMAGE,  /* an image's manifest in place of a policy */
    ELSEWHERE, /* 4, for another card */
    LOCKED,    /* 4, lets the other root alone sign */
    ONE,       /* 5: component 1 alone */
    NEVER,     /* 6: no rollback */
    ALLOWED,   /* 7: rollback */
    POLICIES
};

static const struct {
    struct policy policy;
    enum simulation_key key;
    uint8_t card;
    bool changed;
} policies[POLICIES] = {
    [FIRST] = {{.sequence = 1, .components = 0xFF, .keys = 1, .notify = WORLD_OBSERVER_EID}},
    [AGAIN] = {{.sequence = 1, .components = 0xFF, .keys = 1, .notify = WORLD_OBSERVER_EID}},
    [DISABLED] =
        {{.sequence = 2, .flags = POLICY_DISABLED, .components = 0xFF, .keys = 1, .notify = WORLD_OBSERVER_EID}},
    [ENABLED] = {{.sequence = 3, .components = 0xFF, .keys = 1}},
    [STRANGE] = {{.sequence = 4, .components = 0xFF, .keys = 0xFF}, .key = SIMULATION_STRANGER},
    [REVOKED] = {{.sequence = 4, .components = 0xFF, .keys = 0xFF}, .key = SIMULATION_REVOKED},
    [CHANGED] = {{.sequence = 4, .components = 0xFF, .keys = 1}, .changed = true},
    [ELSEWHERE] = {{.sequence = 4, .components = 0xFF, .keys = 1}, .card = 0x5D},
    [LOCKED] = {{.sequence = 4, .components = 0xFF, .keys = 2}},
    [ONE] = {{.sequence = 5, .components = 2, .keys = 1}},
    [NEVER] = {{.sequence = 6, .rollback = POLICY_NEVER, .components = 0xFF, .keys = 1}},
    [ALLOWED] = {{.sequence = 7, .rollback = POLICY_ALLOWED, .components = 0xFF, .keys = 1}},
};

enum kind { END, SET, SHOW, UPDATE, CUT };

struct step {
    enum kind kind;
    unsigned what;         /* SET: enum which; UPDATE: version */
    uint8_t components;    /* UPDATE: bitmap */
    const char *error;     /* of the agent; NULL: it goes well */
    uint32_t in_force;     /* SET: sequence number afterwards */
    enum notice_kind told; /* to the observer, 0: nothing */
    bool cut;              /* SET: the power fails at cut_ns after its beginning */
};

struct story {
    const char *sentence;
    struct step steps[8];
};

static const struct story stories[] = {
    {"given a card / when a signed policy is set / then it is in force, also after a power cut, and its observer knows",
     {{SET, FIRST, .in_force = 1, .told = NOTICE_POLICY},
      {.kind = CUT},
      {SET, AGAIN, .error = "sequence number", .in_force = 1}}},
    {"given a policy in force / when others come that are not authentic / then each is refused by name and the old one "
     "stays",
     {{SET, FIRST, .in_force = 1, .told = NOTICE_POLICY},
      {SET, STRANGE, .error = "unknown key", .in_force = 1},
      {SET, REVOKED, .error = "revoked key", .in_force = 1},
      {SET, CHANGED, .error = "signature is wrong", .in_force = 1},
      {SET, NO_IMAGE, .error = "it is no policy", .in_force = 1}}},
    {"given a policy in force / when one for another card, one that locks out and an older one come / then each is "
     "refused",
     {{SET, DISABLED, .in_force = 2, .told = NOTICE_POLICY},
      {SET, ELSEWHERE, .error = "for another card", .in_force = 2},
      {SET, LOCKED, .error = "its own key", .in_force = 2},
      {SET, FIRST, .error = "sequence number", .in_force = 2}}},
    {"given a policy that disables updates / when one is asked for / then it is refused until another policy enables "
     "them",
     {{SET, DISABLED, .in_force = 2, .told = NOTICE_POLICY},
      {UPDATE, VERSION_UPDATE, .components = 3, .error = "RequestUpdate", .told = NOTICE_REFUSED},
      {.kind = CUT},
      {UPDATE, VERSION_UPDATE, .components = 3, .error = "RequestUpdate", .told = NOTICE_REFUSED},
      {SET, ENABLED, .in_force = 3},
      {UPDATE, VERSION_UPDATE, .components = 3}}},
    {"given a policy for one component / when others are offered / then that one alone is updated",
     {{SET, ONE, .in_force = 5},
      {UPDATE, VERSION_UPDATE, .components = 1, .error = "its policy keeps"},
      {UPDATE, VERSION_UPDATE, .components = 2}}},
    {"given policies on rollback / when older images come / then never, or down to the minimum and no further",
     {{UPDATE, VERSION_UPDATE, .components = 3},
      {SET, NEVER, .in_force = 6},
      {UPDATE, VERSION_BEFORE, .components = 2, .error = "security restriction"},
      {SET, ALLOWED, .in_force = 7},
      {UPDATE, VERSION_BEFORE, .components = 2},
      {UPDATE, VERSION_BEFORE, .components = 1, .error = "minimum"}}},
    {"given a policy that names an observer / when an update is made / then it is told, and a trial keeps "
     "the policy",
     {{SET, FIRST, .in_force = 1, .told = NOTICE_POLICY},
      {UPDATE, VERSION_UPDATE, .components = 3, .told = NOTICE_ACTIVATED},
      {SET, AGAIN, .error = "sequence number", .in_force = 1}}},
};

static struct world world;
static uint8_t *flash;
static uint8_t blocks[POLICIES][POLICY_BLOCK];

/* The story under way. */
static struct {
    const struct step *step;
    bool under_way;
    uint64_t since_ns, cut_ns;
    bool answered;  /* what the cut met had been answered well before */
    uint32_t found; /* SHOW: the policy in force */
} now;

static void make_blocks(void) {
    for (unsigned i = 0; i < POLICIES; i++) {
        struct policy_record record = {.policy = policies[i].policy, .card = {policies[i].card}};
        if (i == NO_IMAGE) continue;
        CHECK(policy_encode(&record, blocks[i]));
        simulation_sign(policies[i].key, blocks[i], POLICY_BLOCK, false);
        if (policies[i].changed) blocks[i][1588 + 100] ^= 1;
    }
    memcpy(blocks[NO_IMAGE], world.images.bytes[VERSION_UPDATE][0], POLICY_BLOCK);
}

static void begin_step(struct world *w) {
    now.under_way = true;
    now.since_ns = w->card.now_ns;
    w->state = -1;
    if (now.step->kind == CUT) return;
    world_new_agent(w);
    if (now.step->kind == SET || now.step->kind == SHOW) {
        agent_start_policy(w->agent, w->card.now_ns, now.step->kind == SET ? blocks[now.step->what] : NULL);
        return;
    }
    w->package = images_package(&w->images, now.step->what, now.step->components, 0);
    agent_start_update(w->agent, w->card.now_ns, &w->package);
}

static uint32_t in_force(const struct world *w) {
    return images_journal(w->flash).policy.sequence;
}

/* Whether the images of the components are in use; a refused one must be in no slot. */
static void check_images(struct world *w, const struct step *step, bool updated) {
    const struct journal journal = images_journal(w->flash);
    for (unsigned c = 0; c < SCENARIO_COMPONENTS; c++) {
        const uint8_t active = journal_active(&journal.entry[c]);
        if ((step->components >> c & 1) == 0) continue;
        if (updated && images_in_slot(&w->images, w->flash, c, active) != (int)step->what)
            world_violated(w, "component %u is not the one that was sent", c);
        for (unsigned slot = 0; !updated && slot < BOARD_SLOTS; slot++)
            if (images_in_slot(&w->images, w->flash, c, slot) == (int)step->what)
                world_violated(w, "component %u was refused, but is in slot %c", c, "AB"[slot]);
    }
}

static void check_step(struct world *w, const struct step *step) {
    const bool good = agent_result(w->agent) == AGENT_DONE;
    const char *error = agent_error(w->agent);
    if (good != (step->error == NULL) || (!good && strstr(error, step->error) == NULL))
        world_violated(w, "step %d: %s", (int)step->kind, good ? "it went well" : error);
    if (step->kind == SET && in_force(w) != step->in_force) world_violated(w, "policy %u is in force", in_force(w));
    if (step->kind == SET && good && agent_inventory(w->agent)->policy.policy.sequence != step->in_force)
        world_violated(w, "the card says that policy %u is", agent_inventory(w->agent)->policy.policy.sequence);
    if (step->kind == SHOW) now.found = in_force(w);
    if (step->kind == SHOW && agent_inventory(w->agent)->policy.policy.sequence != now.found)
        world_violated(w, "the card says that another policy is in force than its journal");
    if (step->kind == UPDATE) check_images(w, step, good);
    if (w->state != (step->told == 0 ? -1 : (int)step->told))
        world_violated(w, "the observer was told %d, not %d", w->state, (int)step->told);
}

static void power_fails(struct world *w) {
    now.answered = w->agent != NULL && agent_result(w->agent) == AGENT_DONE;
    agent_free(w->agent);
    w->agent = NULL;
    now.under_way = false;
    now.step++;
    w->power_ns = w->card.now_ns + OFF_MS * NS_PER_MS;
    now.since_ns = w->power_ns + BOOT_MS * NS_PER_MS;
    card_leave(&w->card, CARD_CUT);
}

static bool step_over(const struct world *w) {
    if (now.step->cut) return w->card.now_ns >= now.since_ns + now.cut_ns;
    return now.step->kind == CUT || agent_result(w->agent) != AGENT_RUNNING;
}

void story_tick(struct world *w) {
    if (!w->powered) return;
    if (w->card.now_ns > now.since_ns + STEP_S * UINT64_C(1000) * NS_PER_MS) world_violated(w, "a step does not end");
    if (w->card.now_ns < now.since_ns || w->violation[0] != '\0') return;
    if (!now.under_way) {
        if (now.step->kind == END)
            card_leave(&w->card, CARD_OVER);
        else
            begin_step(w);
        return;
    }
    if (!step_over(w)) return;
    if (now.step->cut || now.step->kind == CUT) power_fails(w);
    check_step(w, now.step++);
    agent_free(w->agent);
    w->agent = NULL;
    now.under_way = false;
    now.since_ns = w->card.now_ns + PAUSE_MS * NS_PER_MS;
}

uint64_t story_due(const struct world *w) {
    (void)w;
    if (!now.under_way) return now.since_ns;
    if (now.step->cut) return now.since_ns + now.cut_ns;
    return now.since_ns + STEP_S * UINT64_C(1000) * NS_PER_MS + 1;
}

void story_begin(struct world *w) {
    w->config = agent_defaults();
    now.since_ns = BOOT_MS * NS_PER_MS;
    now.under_way = false;
    make_blocks();
}

bool story_started(struct world *w, uint32_t handover) {
    const struct journal journal = images_journal(w->flash);
    for (unsigned c = 0; c < SCENARIO_COMPONENTS; c++) {
        const struct journal_entry *entry = &journal.entry[c];
        w->card.chip.running[c] =
            handover_trial(handover) && journal_waits(entry) ? entry->pending : journal_active(entry);
    }
    w->card.chip.running_known = true;
    return true;
}

void story_event(struct world *w, const struct agent_event *event) {
    (void)w;
    (void)event;
}

void story_console(struct world *w, const char *line) {
    if (strcmp(line, "boot: no firmware") == 0) world_violated(w, "no firmware boots");
}

static bool run(const struct step *steps, uint64_t seed) {
    static const struct scenario usual = {.name = "policy"};
    now.step = steps;
    const bool good = world_run(&world, &usual, seed, flash, getenv("TRACE") != NULL);
    if (!good)
        printf("# %.3f s, seed %llu: %s\n", (double)world.card.now_ns / 1e9, (unsigned long long)seed, world.violation);
    return CHECK(good);
}

/* Policy 2 comes over policy 1 when the power fails; afterwards policy 3 is taken. What was answered is kept. */
static void cuts(uint64_t seed) {
    static const struct step steps[] = {{SET, FIRST, .in_force = 1, .told = NOTICE_POLICY},
                                        {SET, DISABLED, .cut = true},
                                        {.kind = SHOW},
                                        {SET, ENABLED, .in_force = 3},
                                        {.kind = END}};
    unsigned found[3] = {0}, answered = 0;
    for (unsigned i = 0; i < CUTS; i++) {
        struct dice dice = {seed + i};
        now.cut_ns = dice_below(&dice, CUT_MS * 1000) * UINT64_C(1000);
        const bool good = run(steps, seed + i);
        world_free(&world);
        if (!good || !CHECK(now.found == 1 || now.found == 2)) return;
        if (now.answered) CHECK_EQ(now.found, 2);
        answered += now.answered;
        found[now.found]++;
    }
    printf("# %d cuts: %u left the old policy, %u the new one, %u of them after the answer\n", CUTS, found[1], found[2],
           answered);
    CHECK(found[1] != 0 && found[2] != 0 && answered != 0 && answered != CUTS);
}

int main(void) {
    const char *text = getenv("SEED");
    const uint64_t seed = text == NULL ? 1 : strtoull(text, NULL, 0);
    flash = malloc(FLASH);
    if (flash == NULL) return 1;
    memset(flash, 0xFF, FLASH);
    for (unsigned i = 0; i < sizeof stories / sizeof stories[0]; i++) TEST(stories[i].sentence) {
            run(stories[i].steps, seed);
            world_free(&world);
        }
    TEST("given power that fails at any instant / when a policy is set / then the old or the new one is in force")
    cuts(seed);
    free(flash);
    return check_result();
}
