// SPDX-License-Identifier: Apache-2.0
//
// The component manifest. The input is a number of bytes and the manifest's first ones; the rest of the blocks is zero.
// One that is accepted is written again as it was, and its sizes agree with each other.
#include "fw/image/image.h"
#include "tests/fuzz/fuzz.h"

/* The sizes are those that image_layout() would choose, but for manifest blocks that are not needed. */
static void check_sizes(const struct image *image) {
    struct image least = {.payload_size = image->payload_size};
    REQUIRE(image_layout(&least) && least.manifest_blocks <= image->manifest_blocks);
    REQUIRE(least.payload_blocks == image->payload_blocks && least.table_blocks == image->table_blocks);
    uint32_t blocks = 0;
    for (uint32_t table = 0; table < image->table_blocks; table++) {
        const uint32_t count = image_table_count(image, table);
        REQUIRE(count >= 1 && count <= IMAGE_TABLE_ENTRIES);
        blocks += count;
    }
    REQUIRE(blocks == image->payload_blocks);
    const uint32_t last = image_block_groups(image, image->payload_blocks - 1);
    REQUIRE(last >= 1 && last <= IMAGE_BLOCK_GROUPS);
    REQUIRE(image->image_size ==
            (image_header_blocks(image) + image->payload_blocks - 1) * IMAGE_BLOCK + last * IMAGE_GROUP);
    REQUIRE(image_table_hash(image->table_blocks) + IMAGE_SIGNATURE_ROOM <= image->manifest_blocks * IMAGE_BLOCK);
    REQUIRE(slot_fits(image->image_size + IMAGE_BLOCK, image));
    REQUIRE(!slot_fits((image->payload_blocks + image_header_blocks(image)) * IMAGE_BLOCK - 1, image));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len) {
    static struct fuzz_arena arena;
    static uint8_t written[IMAGE_MAX_MANIFEST_BLOCKS * IMAGE_BLOCK];
    struct fuzz_input in = {bytes, len};
    const size_t manifest_len = fuzz_u16(&in) % (sizeof written + 1);
    size_t n = manifest_len < IMAGE_AT_TABLE_HASHES ? manifest_len : IMAGE_AT_TABLE_HASHES;
    const uint8_t *given = fuzz_bytes(&in, &n);
    uint8_t *manifest = fuzz_room(&arena, manifest_len);
    memset(manifest, 0, manifest_len);
    memcpy(manifest, given, n);

    struct image image;
    const enum image_error error = image_parse(manifest, manifest_len, &image);
    REQUIRE(strcmp(image_error_name(error), "unknown error") != 0);
    REQUIRE((image.manifest_blocks != 0) == (error == IMAGE_OK || (error == IMAGE_TRUNCATED && manifest_len >= 4096)));
    if (image.manifest_blocks == 0) return 0;
    check_sizes(&image);
    REQUIRE(image.version == manifest + IMAGE_AT_VERSION);
    REQUIRE(image_encode(&image, written) == IMAGE_OK);
    const size_t fixed = IMAGE_AT_TABLE_HASHES, total = image.manifest_blocks * IMAGE_BLOCK;
    REQUIRE(memcmp(written, manifest, fixed) == 0);
    for (size_t i = fixed; i < total; i++) REQUIRE(written[i] == 0);
    return 0;
}
