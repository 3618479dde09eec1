// SPDX-License-Identifier: Apache-2.0
//
// CBOR one item after the other over libcbor's streaming decoder and encoders.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** A head with what belongs to it; the contents of collections are items of their own. */
struct cbor_item_head {
    enum cbor_item_kind {
        CBOR_ITEM_UINT,
        CBOR_ITEM_BOOL,
        CBOR_ITEM_TEXT,
        CBOR_ITEM_MAP,
        CBOR_ITEM_ARRAY,
        CBOR_ITEM_BYTES,
        CBOR_ITEM_TEXT_PARTS, /* of no length: texts up to a BREAK */
        CBOR_ITEM_BYTES_PARTS,
        CBOR_ITEM_TAG,
        CBOR_ITEM_BREAK,
        CBOR_ITEM_OTHER, /* negative and floating-point numbers, null and undefined */
    } kind;
    uint64_t number;     /* UINT; BOOL: 0 or 1; of definite MAP and ARRAY: entries */
    bool indefinite;     /* MAP, ARRAY: up to a BREAK */
    const uint8_t *text; /* of TEXT, within the input */
    size_t len;
};

struct cbor_reader {
    const uint8_t *at;
    size_t left;
};

/** Takes the next item. False at the end or where the bytes are none. */
bool cbor_next(struct cbor_reader *reader, struct cbor_item_head *item);
/** Takes an item of any kind and all that is in it, eight levels deep at most. */
bool cbor_skip(struct cbor_reader *reader);

struct cbor_writer {
    uint8_t *bytes;
    size_t size, used;
    bool full; /* something did not fit */
};
void cbor_put_map(struct cbor_writer *w, size_t entries);
void cbor_put_text(struct cbor_writer *w, const char *text);
/** An entry of a map. */
void cbor_put_number(struct cbor_writer *w, const char *name, uint64_t number);
void cbor_put_bool(struct cbor_writer *w, const char *name, bool value);
void cbor_put_string(struct cbor_writer *w, const char *name, const char *text);
/** An entry that is an array of one text. */
void cbor_put_list(struct cbor_writer *w, const char *name, const char *text);
