// SPDX-License-Identifier: Apache-2.0
//
// A release's test manifest (docs/test-manifest.schema.json says what each member means) and what it is run with. A
// manifest comes from elsewhere, so it can only name commands of fwup and fwpkg that change nothing but the simulated
// card, and no files but those beside it; nothing goes through a shell.
#pragma once
#include <sys/types.h>

#include "host/json_form.h"

enum { REPLAY_PATH = 4096, REPLAY_WORDS = 32 };

/** Reads one. NULL with the reason in @p error (JSON_ERROR_TEXT bytes); @p document is for json_free() otherwise. */
const struct json_value *replay_manifest(const char *path, struct json_document *document, char *error);

/** Where things are. */
struct replay_places {
    char folder[REPLAY_PATH]; /* of the release, absolute */
    char package[REPLAY_PATH];
    char flash[REPLAY_PATH];   /* contents that the card begins with */
    char tools[REPLAY_PATH];   /* folder of fwup and fwpkg */
    char program[REPLAY_PATH]; /* the simulated card */
    char scratch[REPLAY_PATH]; /* a folder of our own */
    const char *version, *part;
};

/** Puts in what stands for {package}, {folder}, {card} and {version}. False when it does not fit into @p size. */
bool replay_fill(const struct replay_places *places, const char *word, char *out, size_t size);

/** The simulated card. What follows is false with the reason in @p error (JSON_ERROR_TEXT bytes). */
struct replay_card {
    pid_t pid; /* 0: off */
};
bool replay_card_on(struct replay_card *card, const struct replay_places *places, char *error);
bool replay_card_off(struct replay_card *card, const struct replay_places *places, char *error);

/** Runs a test's command, with the card on. @p said: the end of what it wrote, @p size bytes with its own end
 * @return its exit status, -1 when it could not be run or did not end by itself */
int replay_run(const struct replay_places *places, const struct json_value *command, char *said, size_t size);

/** Compares @p size bytes from @p base on of the card's flash, which is off, with what it began with. */
bool replay_unchanged(const struct replay_places *places, uint64_t base, uint64_t size, char *error);

/** Makes the scratch folder with the card's flash in it, and takes it away. */
bool replay_begin(struct replay_places *places, char *error);
void replay_end(const struct replay_places *places);
