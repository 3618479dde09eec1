// SPDX-License-Identifier: Apache-2.0
//
// Descriptors as text, both ways: any bytes are written as one clean line that fits, any text is read or refused, and
// what was read is written as a text that reads as the same.
#include "host/descriptor.h"

#include "tests/fuzz/fuzz.h"

enum { TEXT = 900 };

static void format(const struct pldm_descriptor *d, char *text, size_t size) {
    descriptor_format(d, text, size);
    const size_t len = strlen(text);
    REQUIRE(len < size);
    for (size_t i = 0; i < len; i++) REQUIRE(text[i] >= ' ' && text[i] <= '~');
}

/* Text fields lose what cannot be printed, and show a backslash twice. */
static bool shown_as_it_is(const char *text) {
    for (; *text != '\0'; text++)
        if (*text < ' ' || *text > '~' || *text == '\\') return false;
    return true;
}

static void from_text(const uint8_t *bytes, size_t len) {
    static char back[DESCRIPTOR_LINE];
    static struct fuzz_arena values, again_values;
    char text[TEXT + 1];
    struct pldm_descriptor d, again;
    if (len > TEXT) len = TEXT;
    memcpy(text, bytes, len);
    text[len] = '\0';
    uint8_t *value = fuzz_room(&values, descriptor_room(text));
    if (descriptor_parse(text, value, &d) != NULL) return;
    REQUIRE(d.len <= descriptor_room(text) && d.data == value);
    REQUIRE(descriptor_fault(&d, false) == NULL);
    format(&d, back, sizeof back);
    if (!shown_as_it_is(text)) return;
    REQUIRE(descriptor_parse(back, fuzz_room(&again_values, descriptor_room(back)), &again) == NULL);
    REQUIRE(again.type == d.type && again.len == d.len && memcmp(again.data, d.data, d.len) == 0);
}

static void from_bytes(struct fuzz_input *in) {
    static struct fuzz_arena arena;
    const size_t size = 1 + fuzz_u16(in) % TEXT;
    struct pldm_descriptor d = {.type = fuzz_u16(in)};
    d.data = in->at;
    d.len = (uint16_t)in->left;
    format(&d, (char *)fuzz_room(&arena, size), size);
    const char *fault = descriptor_fault(&d, false);
    REQUIRE(fault == NULL || descriptor_fault(&d, true) != NULL);
    REQUIRE(descriptors_match(&d, 1, &d, 1));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len) {
    struct fuzz_input in = {bytes, len};
    if ((fuzz_u8(&in) & 1) != 0)
        from_text(in.at, in.left);
    else
        from_bytes(&in);
    return 0;
}
