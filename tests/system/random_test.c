// SPDX-License-Identifier: Apache-2.0
//
// Random updates of the whole card: a small image over either link, with delays of link and flash, outstanding
// requests, losses and an agent that gives up drawn at random, into a slot that holds anything. After each run the
// flash is compared with a model: what the image says where the update succeeded, otherwise nothing that is not of it.
// The card boots once; each run begins by restoring it. A run is named by its seed:
//
//   random_test                    30 runs from seed 1 on
//   random_test --seed N           that run alone
//   random_test --seed N --runs M  those from N to N + M - 1
#define _POSIX_C_SOURCE 200809L
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "check.h"
#include "tests/system/demo_board.h"
#include "tests/system/rig_image.h"

enum { BLOCK = 4096, PAGE = 256, SLOT_PAGES = RIG_FPGA_SIZE / PAGE, MOST_BLOCKS = 12 };

enum held { HELD_NOTHING, HELD_ANYTHING, HELD_THE_SAME, HELD_NEARLY_THE_SAME, HELDS };
static const char *const held_names[HELDS] = {"blank", "anything", "the same image", "nearly the same image"};

struct plan {
    struct rig_component part;
    enum held held;
    unsigned word_cycles;
    uint64_t noise_seed;
    unsigned lost;
    uint64_t most_late_ns;
    uint64_t abort_after;
};

static uint64_t draw(uint64_t *random, uint64_t from, uint64_t to) {
    return from + noise_random(random) % (to - from + 1);
}

static bool one_in(uint64_t *random, unsigned n) {
    return noise_random(random) % n == 0;
}

static struct nor_time flash_time(uint64_t *random, uint64_t least_us, uint64_t most_us) {
    const uint64_t ns = 1000 * draw(random, least_us, most_us);
    return (struct nor_time){ns, ns};
}

/** Draws everything of a run; what belongs to the rig and to the flash part is set there. */
static struct plan draw_plan(uint64_t seed, struct rig *rig, struct nor_part *flash) {
    static const uint32_t transfers[] = {128, 256, 512, 1024, 4096, 4096};
    uint64_t random = seed;
    struct plan p = {.noise_seed = noise_random(&random)};
    p.part = (struct rig_component){.random_size = (uint32_t)(BLOCK * draw(&random, 1, MOST_BLOCKS)),
                                    .seed = (uint32_t)noise_random(&random),
                                    .version = "7.0.0",
                                    .identifier = 2,
                                    .stamp = 7 << 24};
    if (one_in(&random, 2)) p.part.random_size -= (uint32_t)draw(&random, 1, BLOCK - 1);
    p.held = (enum held)(noise_random(&random) % HELDS);
    p.word_cycles = (unsigned)draw(&random, 1, 16);
    p.most_late_ns = one_in(&random, 2) ? 0 : draw(&random, 1, 300000);
    p.lost = one_in(&random, 2) ? 0 : (unsigned)draw(&random, 1, 24);
    p.abort_after = one_in(&random, 4) ? draw(&random, 1, 24) : 0;
    rig->link = one_in(&random, 2) ? RIG_SERIAL : RIG_PORT;
    rig->mtu = MCTP_BASELINE_MTU;  // the line takes no longer packets
    if (rig->link == RIG_PORT && one_in(&random, 2)) rig->mtu = draw(&random, MCTP_BASELINE_MTU, 251);
    rig->config.max_outstanding = (uint8_t)draw(&random, 1, 4);
    rig->config.max_transfer = transfers[noise_random(&random) % (sizeof transfers / sizeof transfers[0])];
    flash->page_program = flash_time(&random, 20, 1500);
    flash->erase4k = flash_time(&random, 500, 60000);
    flash->erase32k = flash_time(&random, 500, 120000);
    flash->erase64k = flash_time(&random, 500, 200000);
    return p;
}

// ---- the model
// ------------------------------------------------------------------------------------------------------------

/** The image in an otherwise blank slot, and which pages hold some of it. */
struct image_in_slot {
    uint8_t bytes[RIG_FPGA_SIZE];
    bool is_image[SLOT_PAGES];
};

static bool any_equal(const uint8_t *a, const uint8_t *b) {
    for (size_t i = 0; i < PAGE; i++)
        if (a[i] == b[i]) return true;
    return false;
}

static void place(struct image_in_slot *out, const struct rig_component *part) {
    static uint8_t zeroes[RIG_FPGA_SIZE];
    char error[COMPONENT_ERROR_TEXT];
    const struct component_spec slot = {.payload = "image", .size = RIG_FPGA_SIZE};
    size_t len;
    uint8_t *image = rig_image(part, &len);
    memset(out->bytes, 0xff, sizeof out->bytes);
    memset(zeroes, 0, sizeof zeroes);
    CHECK(component_place(image, len, &slot, out->bytes, sizeof out->bytes, error));
    CHECK(component_place(image, len, &slot, zeroes, sizeof zeroes, error));
    for (unsigned i = 0; i < SLOT_PAGES; i++) out->is_image[i] = any_equal(out->bytes + i * PAGE, zeroes + i * PAGE);
    free(image);
}

/** What the slot holds before. */
static void fill(uint8_t *slot, const struct plan *p, const struct image_in_slot *image, uint64_t random) {
    if (p->held == HELD_NOTHING) return;
    if (p->held != HELD_ANYTHING) memcpy(slot, image->bytes, RIG_FPGA_SIZE);
    for (size_t block = 0; block < RIG_FPGA_SIZE / BLOCK; block++) {
        if (p->held == HELD_THE_SAME || (p->held == HELD_NEARLY_THE_SAME && !one_in(&random, 4))) continue;
        for (size_t i = 0; i < BLOCK; i++) slot[block * BLOCK + i] = (uint8_t)noise_random(&random);
    }
}

static bool is_blank(const uint8_t *bytes, size_t len) {
    for (size_t i = 0; i < len; i++)
        if (bytes[i] != 0xff) return false;
    return true;
}

/** Whether it is a page of the log that an update without an end leaves where the manifest would be: records of 64
 * bytes, or nothing yet. */
static bool is_log(unsigned page, const uint8_t *bytes) {
    const unsigned log_block = RIG_FPGA_SIZE / BLOCK - 1, in_block = page % (BLOCK / PAGE);
    bool good = page / (BLOCK / PAGE) == log_block && in_block != 0;
    for (unsigned at = 0; at < PAGE; at += 64)
        good = good && (is_blank(bytes + at, 64) || memcmp(bytes + at + 1, "LOG", 3) == 0);
    return good;
}

/** Whether each page of the slot is what the model allows. */
static bool slot_is_right(const uint8_t *now, const uint8_t *before, const struct image_in_slot *image, bool updated) {
    for (unsigned i = 0; i < SLOT_PAGES; i++) {
        const uint8_t *page = now + i * PAGE;
        const bool new = image->is_image[i] && memcmp(page, image->bytes + i * PAGE, PAGE) == 0;
        if (new ||
            ((!updated || !image->is_image[i]) &&
             (memcmp(page, before + i * PAGE, PAGE) == 0 || is_blank(page, PAGE))) ||
            (!updated && is_log(i, page)))
            continue;
        printf("# page %u of the slot is neither what it was, nor blank, nor the image's\n", i);
        return false;
    }
    return true;
}

/** Whether nothing else changed but the journal. */
static bool rest_is_as_before(const uint8_t *now, const uint8_t *before) {
    for (uint32_t at = 0; at < RIG_FLASH; at += BLOCK) {
        const bool allowed = (at >= RIG_JOURNAL && at < RIG_JOURNAL + 2 * BLOCK) ||
                             (at >= RIG_FPGA_B && at < RIG_FPGA_B + RIG_FPGA_SIZE);
        if (allowed || memcmp(now + at, before + at, BLOCK) == 0) continue;
        printf("# the flash changed at 0x%x\n", at);
        return false;
    }
    return true;
}

// ---- a run
// ----------------------------------------------------------------------------------------------------------------

struct tally {
    unsigned updated, given_up, broken;
    uint64_t losses;
};

static bool run(struct rig *rig, const struct rig_image *booted, struct nor_part *flash, uint64_t seed,
                struct tally *tally) {
    static uint8_t before[RIG_FLASH];
    static struct image_in_slot image;
    struct noise noise;
    size_t len;
    check_ok = true;
    rig_restore(rig, booted);
    const struct plan p = draw_plan(seed, rig, flash);
    place(&image, &p.part);
    fill(rig->flash + RIG_FPGA_B, &p, &image, p.noise_seed);
    memcpy(before, rig->flash, RIG_FLASH);
    noise_init(&noise, p.noise_seed);
    noise.lost = p.lost;
    noise.most_late_ns = p.most_late_ns;
    rig->noise = &noise;
    rig->abort_after = p.abort_after;
    card_packet_host(rig->card, p.word_cycles, true);
    uint8_t *package = rig_package(&p.part, 1, 0x5301, &len);

    const enum agent_result result = rig_update(rig, package, len, 600 * SECONDS);
    const bool gave_up = p.abort_after && rig->abort_after == 0, updated = result == AGENT_DONE;
    rig_wait(rig, SECONDS / 2);  // the engine ends what it has begun
    nor_settle(card_nor(rig->card), card_now_ns(rig->card));
    CHECK(updated || (result == AGENT_FAILED && (gave_up || noise.losses)));
    CHECK(slot_is_right(rig->flash + RIG_FPGA_B, before + RIG_FPGA_B, &image, updated));
    CHECK(rest_is_as_before(rig->flash, before));
    CHECK_EQ(rig->flash_errors, 0);
    CHECK(strstr(rig->console, "watchdog") == NULL);
    if (!check_ok)
        printf("# seed %" PRIu64 ": %u bytes over the %s, %u outstanding of %u, the slot held %s\n", seed,
               p.part.random_size, rig->link == RIG_PORT ? "packet port" : "line", rig->config.max_outstanding,
               rig->config.max_transfer, held_names[p.held]);
    tally->updated += updated;
    tally->given_up += gave_up && !updated;
    tally->broken += !updated && !gave_up;
    tally->losses += noise.losses;
    rig->noise = NULL;
    noise_free(&noise);
    free(package);
    return check_ok;
}

static void test(uint64_t seed, uint64_t runs) {
    struct nor_part flash = *nor_part_find("w25q128jv");
    struct rig *rig = rig_new("w25q128jv");
    rig->part = &flash;
    rig_factory(rig, (const struct rig_component[]){firmware_1, bitstream_1}, 2);
    rig->config.poll_ms = 50;
    rig->config.activate = AGENT_ACTIVATE_NOT;
    rig_power_on(rig);
    const bool boots = rig_inventory(rig, 10 * SECONDS) == AGENT_DONE;
    struct rig_image *booted = rig_save(rig);
    struct tally tally = {0};
    TEST(
        "given a booted card, when images, links, flash times, losses and agents that give up are drawn at random, "
        "then "
        "the flash is what the model says after each run") {
        CHECK(boots);
        bool good = true;
        for (uint64_t i = 0; i < runs && boots; i++) {
            if (run(rig, booted, &flash, seed + i, &tally)) continue;
            printf("# replay: random_test --seed %" PRIu64 "\n", seed + i);
            good = false;
        }
        printf("# %" PRIu64 " runs from seed %" PRIu64 ": %u updated, %u given up, %u broken by losses, %" PRIu64
               " packets lost\n",
               runs, seed, tally.updated, tally.given_up, tally.broken, tally.losses);
        check_ok = good && boots;
        CHECK_EQ(tally.updated + tally.given_up + tally.broken, runs);
    }
    rig_image_free(booted);
    rig_free(rig);
}

static bool number(const char *text, uint64_t *out) {
    char *end;
    errno = 0;
    *out = strtoull(text, &end, 10);
    return errno == 0 && *text >= '0' && *text <= '9' && *end == '\0';
}

int main(int argc, char **argv) {
    uint64_t seed = 1, runs = argc > 1 ? 1 : 30;
    for (int i = 1; i < argc; i += 2) {
        uint64_t *const value = strcmp(argv[i], "--seed") == 0 ? &seed : strcmp(argv[i], "--runs") == 0 ? &runs : NULL;
        if (!value || i + 1 == argc || !number(argv[i + 1], value)) {
            fprintf(stderr, "usage: random_test [--seed N] [--runs M]\n");
            return 2;
        }
    }
    test(seed, runs);
    return check_result();
}
