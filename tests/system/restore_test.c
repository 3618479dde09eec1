// SPDX-License-Identifier: Apache-2.0
//
// Saving and restoring: a card that was restored, and a process that was forked, go on exactly as the one that was not
// disturbed: the same bytes at the same times, the same counts, the same flash.
#define _POSIX_C_SOURCE 200809L
#include <sys/wait.h>
#include <unistd.h>

#include "tests/system/record.h"
#include "tests/system/rig_image.h"

static const struct rig_component part = {
    .random_size = 9000, .seed = 5, .version = "5.0.0", .identifier = 2, .stamp = 5 << 24};

static struct rig *booted_card(struct record *r) {
    struct rig *rig = rig_new("w25q128jv");
    rig_factory(rig, (const struct rig_component[]){firmware_1, bitstream_1}, 2);
    rig->config.poll_ms = 100;
    rig->config.activate = AGENT_ACTIVATE_NOT;
    record_begin(r, rig);
    rig_power_on(rig);
    CHECK_EQ(rig_inventory(rig, 10 * SECONDS), AGENT_DONE);
    return rig;
}

static void update(struct rig *rig, struct record *r) {
    size_t len;
    uint8_t *package = rig_package(&part, 1, 0x5301, &len);
    record_begin(r, rig);
    CHECK_EQ(rig_update(rig, package, len, 60 * SECONDS), AGENT_DONE);
    CHECK(flash_holds(rig, RIG_FPGA_B, &part));
    record_end(r, rig);
    free(package);
}

static struct record first, second;

static void test_booted(void) {
    struct rig *rig = booted_card(&first);
    struct rig_image *booted = rig_save(rig);
    TEST(
        "given a booted card that was saved and updated, when it is restored and updated again, then both were alike") {
        update(rig, &first);
        rig_restore(rig, booted);
        CHECK(!flash_holds(rig, RIG_FPGA_B, &part));
        update(rig, &second);
        CHECK(first.len > part.random_size);
        record_check_events(&first, &second, "first", "restored");
        record_check_ends(&first, &second);
    }
    TEST("given that image, when another card is restored to it and updated, then it does the same") {
        struct rig *other = booted_card(&second);
        rig_wait(other, 12345678);
        rig_restore(other, booted);
        update(other, &second);
        record_check_events(&first, &second, "first", "another card");
        record_check_ends(&first, &second);
        rig_free(other);
    }
    rig_image_free(booted);
    rig_free(rig);
}

/** A card without the second chip that the image has, or with one too many. */
static void test_other_chips(void) {
    TEST(
        "given the image of a card with one flash chip, when a card with two is to be restored, then that is refused") {
        struct rig *rig = rig_new("w25q128jv"), *two = rig_new("w25q128jv");
        rig_add_flash(two);
        rig_power_on(rig);
        rig_power_on(two);
        struct card_image *image = card_save(rig->card);
        CHECK(image && !card_restore(two->card, image));
        CHECK(image && card_restore(rig->card, image));
        card_image_free(image);
        rig_free(rig);
        rig_free(two);
    }
}

static void test_under_way(void) {
    TEST(
        "given a card saved while its flash works and packets are on the line, when it is restored, then the flash "
        "becomes the same and the same bytes leave at the same times") {
        struct rig *rig = booted_card(&first);
        size_t len;
        uint8_t *package = rig_package(&part, 1, 0x5301, &len);
        uint64_t ms = 0;
        CHECK_EQ(rig_update(rig, package, len, 150000000), AGENT_RUNNING);
        while (nor_busy_until(card_nor(rig->card)) == 0 && ms++ < 1000) rig_wait(rig, 100000);
        CHECK(nor_busy_until(card_nor(rig->card)) > card_now_ns(rig->card));
        rig->dead = true;  // the agent is heard no more
        struct rig_image *image = rig_save(rig);
        struct record *const records[] = {&first, &second};
        for (unsigned i = 0; i < 2; i++) {
            if (i) rig_restore(rig, image);
            record_begin(records[i], rig);
            rig_wait(rig, 5 * SECONDS);
            record_end(records[i], rig);
        }
        CHECK(first.len > 0);
        record_check_events(&first, &second, "first", "restored");
        record_check_ends(&first, &second);
        rig_image_free(image);
        free(package);
        rig_free(rig);
    }
}

// ---- fork
// ---------------------------------------------------------------------------------------------------------------

static pid_t child = -1;

static void fork_at_second_request(void *ctx, const struct agent_event *event) {
    struct rig *rig = ctx;
    record_agent(ctx, event);
    if (event->kind == AGENT_DATA && rig->served == 1 && child < 0) child = fork();
}

/** The FNV-1a hash of all that was recorded. */
static uint64_t digest(const struct record *r) {
    uint64_t hash = 0xcbf29ce484222325u;
    const struct {
        const void *bytes;
        size_t len;
    } pieces[] = {{r->flash, RIG_FLASH},
                  {r->console, strlen(r->console)},
                  {&r->counts.cycles, sizeof r->counts.cycles},
                  {&r->counts.instructions, sizeof r->counts.instructions}};
    for (unsigned i = 0; i < sizeof pieces / sizeof pieces[0]; i++)
        for (size_t j = 0; j < pieces[i].len; j++)
            hash = (hash ^ ((const uint8_t *)pieces[i].bytes)[j]) * 0x100000001b3u;
    for (size_t i = 0; i < r->len; i++)
        hash = (hash ^ r->events[i].cycle ^ (uint64_t)r->events[i].byte << 56 ^ r->events[i].engine.flash_idle) *
               0x100000001b3u;
    return hash;
}

static void test_fork(void) {
    TEST("given a process that forks in the middle of an update, then parent and child end it alike") {
        uint64_t of_child = 0, of_parent = 1;
        int ends[2];
        struct rig *rig = booted_card(&first);
        size_t len;
        uint8_t *package = rig_package(&part, 1, 0x5301, &len);
        CHECK_EQ(pipe(ends), 0);
        fflush(stdout);
        record_begin(&first, rig);
        rig->event = fork_at_second_request;
        const enum agent_result result = rig_update(rig, package, len, 60 * SECONDS);
        record_end(&first, rig);
        of_parent = digest(&first);
        if (child == 0) _exit(write(ends[1], &of_parent, sizeof of_parent) == sizeof of_parent ? 0 : 1);
        CHECK_EQ(result, AGENT_DONE);
        CHECK(child > 0);
        close(ends[1]);
        CHECK_EQ(read(ends[0], &of_child, sizeof of_child), sizeof of_child);
        CHECK_EQ(of_child, of_parent);
        close(ends[0]);
        waitpid(child, NULL, 0);
        free(package);
        rig_free(rig);
    }
}

int main(void) {
    test_booted();
    test_other_chips();
    test_under_way();
    test_fork();
    free(first.events);
    free(second.events);
    return check_result();
}
