// SPDX-License-Identifier: Apache-2.0
//
// See rig_image.h.
#include "tests/system/rig_image.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct rig_image {
    struct card_image *card;
    struct rig rig;
};

static void die(const char *what) {
    printf("# rig: %s\n", what);
    exit(1);
}

static struct rig_image *save(const struct rig *rig, struct card_image *card) {
    struct rig_image *image = malloc(sizeof *image);
    if (!image) die("memory");
    if (!card) die("the card could not be saved");
    *image = (struct rig_image){.card = card, .rig = *rig};
    return image;
}

struct rig_image *rig_save(struct rig *rig) {
    return save(rig, card_save(rig->card));
}

struct rig_image *rig_save_without_contents(struct rig *rig) {
    return save(rig, card_save_without_contents(rig->card));
}

void rig_restore(struct rig *rig, const struct rig_image *image) {
    const struct rig *from = &image->rig;
    if (!card_restore(rig->card, image->card)) die("the card could not be restored");
    agent_free(rig->agent);
    rig->agent = NULL;
    rig->tap = from->tap;
    rig->tap.card = rig->card;
    rig->rx = from->rx;
    rig->assembler = from->assembler;
    rig->assembler.buffer = rig->message;
    memcpy(rig->message, from->message, sizeof rig->message);
    memcpy(rig->console, from->console, sizeof rig->console);
    rig->console_len = from->console_len;
    rig->flash_errors = from->flash_errors;
    rig->served = from->served;
    rig->dead = from->dead;
    rig->flood_due_ns = from->flood_due_ns;
    rig->line_free_ns = from->line_free_ns;
    rig->flood_requests = from->flood_requests;
    rig->flood_answers = from->flood_answers;
    rig->astray = from->astray;
    memcpy(rig->late, from->late, sizeof rig->late);
    rig->late_count = from->late_count;
}

void rig_image_visit(const struct rig_image *image, void (*see)(void *ctx, const void *bytes, size_t len), void *ctx) {
    const struct rig *rig = &image->rig;
    const struct mctp_assembler *a = &rig->assembler;
    const uint64_t all[] = {rig->console_len, rig->flash_errors, rig->served,  rig->dead,    rig->late_count,
                            rig->rx.state,    rig->rx.start,     rig->rx.need, rig->rx.have, a->unit};
    card_image_visit(image->card, see, ctx);
    see(ctx, all, sizeof all);
    see(ctx, rig->console, rig->console_len);
    see(ctx, rig->late, rig->late_count * sizeof rig->late[0]);
    if (a->unit == 0) return;
    const uint64_t open[] = {a->len, a->offset, a->more, a->destination, a->source, a->flags};
    see(ctx, open, sizeof open);
    see(ctx, rig->message, a->len);
}

void rig_image_free(struct rig_image *image) {
    card_image_free(image->card);
    free(image);
}
