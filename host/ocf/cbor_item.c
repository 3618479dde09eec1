// SPDX-License-Identifier: Apache-2.0
//
// Promises of cbor_item.h.
#include "host/ocf/cbor_item.h"

#include <cbor.h>
#include <string.h>

enum { DEPTH = 8 };

static void set(void *ctx, enum cbor_item_kind kind, uint64_t number, bool indefinite) {
    *(struct cbor_item_head *)ctx = (struct cbor_item_head){.kind = kind, .number = number, .indefinite = indefinite};
}

static void on_uint8(void *ctx, uint8_t n) {
    set(ctx, CBOR_ITEM_UINT, n, false);
}
static void on_uint16(void *ctx, uint16_t n) {
    set(ctx, CBOR_ITEM_UINT, n, false);
}
static void on_uint32(void *ctx, uint32_t n) {
    set(ctx, CBOR_ITEM_UINT, n, false);
}
static void on_uint64(void *ctx, uint64_t n) {
    set(ctx, CBOR_ITEM_UINT, n, false);
}
static void on_bool(void *ctx, bool value) {
    set(ctx, CBOR_ITEM_BOOL, value, false);
}
static void on_text(void *ctx, cbor_data bytes, size_t len) {
    *(struct cbor_item_head *)ctx = (struct cbor_item_head){.kind = CBOR_ITEM_TEXT, .text = bytes, .len = len};
}
static void on_map(void *ctx, size_t entries) {
    set(ctx, CBOR_ITEM_MAP, entries, false);
}
static void on_array(void *ctx, size_t entries) {
    set(ctx, CBOR_ITEM_ARRAY, entries, false);
}
static void on_map_open(void *ctx) {
    set(ctx, CBOR_ITEM_MAP, 0, true);
}
static void on_array_open(void *ctx) {
    set(ctx, CBOR_ITEM_ARRAY, 0, true);
}
static void on_text_parts(void *ctx) {
    set(ctx, CBOR_ITEM_TEXT_PARTS, 0, true);
}
static void on_bytes(void *ctx, cbor_data bytes, size_t len) {
    (void)bytes;
    (void)len;
    set(ctx, CBOR_ITEM_BYTES, 0, false);
}
static void on_bytes_parts(void *ctx) {
    set(ctx, CBOR_ITEM_BYTES_PARTS, 0, true);
}
static void on_tag(void *ctx, uint64_t tag) {
    (void)tag;
    set(ctx, CBOR_ITEM_TAG, 0, false);
}
static void on_break(void *ctx) {
    set(ctx, CBOR_ITEM_BREAK, 0, false);
}

/* Those left out leave the item as it was before: OTHER. */
static struct cbor_callbacks callbacks(void) {
    struct cbor_callbacks c = cbor_empty_callbacks;
    c.uint8 = on_uint8;
    c.uint16 = on_uint16;
    c.uint32 = on_uint32;
    c.uint64 = on_uint64;
    c.boolean = on_bool;
    c.string = on_text;
    c.map_start = on_map;
    c.array_start = on_array;
    c.indef_map_start = on_map_open;
    c.indef_array_start = on_array_open;
    c.string_start = on_text_parts;
    c.byte_string = on_bytes;
    c.byte_string_start = on_bytes_parts;
    c.tag = on_tag;
    c.indef_break = on_break;
    return c;
}

/* Text is UTF-8: no stray or missing bytes, no longer form than needed, no surrogates, nothing above U+10FFFF. */
static bool is_utf8(const uint8_t *text, size_t len) {
    static const struct {
        uint8_t mask, head, more;
        uint32_t least;
    } forms[] = {{0x80, 0x00, 0, 0}, {0xE0, 0xC0, 1, 0x80}, {0xF0, 0xE0, 2, 0x800}, {0xF8, 0xF0, 3, 0x10000}};
    enum { FORMS = sizeof forms / sizeof forms[0] };
    for (size_t i = 0; i < len;) {
        unsigned f = 0;
        while (f < FORMS && (text[i] & forms[f].mask) != forms[f].head) f++;
        if (f == FORMS || len - i <= forms[f].more) return false;
        uint32_t c = text[i++] & (uint8_t)~forms[f].mask;
        for (unsigned n = 0; n < forms[f].more; n++, i++) {
            if ((text[i] & 0xC0) != 0x80) return false;
            c = c << 6 | (text[i] & 0x3F);
        }
        if (c < forms[f].least || c > 0x10FFFF || (c >= 0xD800 && c < 0xE000)) return false;
    }
    return true;
}

bool cbor_next(struct cbor_reader *reader, struct cbor_item_head *item) {
    const struct cbor_callbacks c = callbacks();
    *item = (struct cbor_item_head){.kind = CBOR_ITEM_OTHER};
    if (reader->left == 0) return false;
    const struct cbor_decoder_result result = cbor_stream_decode(reader->at, reader->left, &c, item);
    if (result.status != CBOR_DECODER_FINISHED || result.read == 0 || result.read > reader->left) return false;
    reader->at += result.read;
    reader->left -= result.read;
    return item->kind != CBOR_ITEM_TEXT || is_utf8(item->text, item->len);
}

/* What is open: so many items, or up to a break. */
struct level {
    enum cbor_item_kind kind;
    uint64_t left;
    bool indefinite;
    bool odd; /* indefinite map: a name waits for its value */
};

static bool opens(const struct cbor_item_head *item) {
    return item->kind == CBOR_ITEM_MAP || item->kind == CBOR_ITEM_ARRAY || item->kind == CBOR_ITEM_TAG ||
           item->kind == CBOR_ITEM_TEXT_PARTS || item->kind == CBOR_ITEM_BYTES_PARTS;
}

/* False when it is too deep, or has more entries than the input has bytes. */
static bool descend(struct level *levels, unsigned *depth, const struct cbor_item_head *item, size_t left) {
    if (*depth == DEPTH || item->number > left) return false;
    levels[(*depth)++] = (struct level){
        .kind = item->kind,
        .left = item->kind == CBOR_ITEM_TAG   ? 1
                : item->kind == CBOR_ITEM_MAP ? 2 * item->number
                                              : item->number,
        .indefinite = item->indefinite,
    };
    return true;
}

/* An item within a level. False when it does not belong there. */
static bool take_in(struct level *in, const struct cbor_item_head *item) {
    if (in->kind == CBOR_ITEM_TEXT_PARTS && item->kind != CBOR_ITEM_TEXT) return false;
    if (in->kind == CBOR_ITEM_BYTES_PARTS && item->kind != CBOR_ITEM_BYTES) return false;
    in->odd = in->indefinite && in->kind == CBOR_ITEM_MAP && !in->odd;
    if (!in->indefinite) in->left--;
    return true;
}

bool cbor_skip(struct cbor_reader *reader) {
    struct level levels[DEPTH] = {{.left = 0}};
    struct cbor_item_head item;
    unsigned depth = 0;
    do {
        struct level *in = depth != 0 ? &levels[depth - 1] : NULL;
        if (!cbor_next(reader, &item)) return false;
        if (item.kind == CBOR_ITEM_BREAK) {
            if (in == NULL || !in->indefinite || in->odd) return false;
            depth--;
        } else {
            if (in != NULL && !take_in(in, &item)) return false;
            if (opens(&item) && !descend(levels, &depth, &item, reader->left)) return false;
        }
        while (depth != 0 && !levels[depth - 1].indefinite && levels[depth - 1].left == 0) depth--;
    } while (depth != 0);
    return true;
}

static void advance(struct cbor_writer *w, size_t len) {
    w->full |= len == 0;
    w->used += len;
}

void cbor_put_map(struct cbor_writer *w, size_t entries) {
    advance(w, cbor_encode_map_start(entries, w->bytes + w->used, w->size - w->used));
}

void cbor_put_text(struct cbor_writer *w, const char *text) {
    const size_t len = strlen(text);
    advance(w, cbor_encode_string_start(len, w->bytes + w->used, w->size - w->used));
    w->full |= len > w->size - w->used;
    if (w->full) return;
    memcpy(w->bytes + w->used, text, len);
    w->used += len;
}

void cbor_put_number(struct cbor_writer *w, const char *name, uint64_t number) {
    cbor_put_text(w, name);
    advance(w, cbor_encode_uint(number, w->bytes + w->used, w->size - w->used));
}

void cbor_put_bool(struct cbor_writer *w, const char *name, bool value) {
    cbor_put_text(w, name);
    advance(w, cbor_encode_bool(value, w->bytes + w->used, w->size - w->used));
}

void cbor_put_string(struct cbor_writer *w, const char *name, const char *text) {
    cbor_put_text(w, name);
    cbor_put_text(w, text);
}

void cbor_put_list(struct cbor_writer *w, const char *name, const char *text) {
    cbor_put_text(w, name);
    advance(w, cbor_encode_array_start(1, w->bytes + w->used, w->size - w->used));
    cbor_put_text(w, text);
}
