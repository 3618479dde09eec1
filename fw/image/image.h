// SPDX-License-Identifier: Apache-2.0
//
// The component image and the slot: offsets of the manifest, one parse function for firmware, boot ROM and host tools,
// and the arithmetic that follows from the sizes. Portable C, no heap, no libc; all numbers little-endian.
//
//   image   manifest (1..4 blocks) | table blocks | payload, padded with FFh to a multiple of 64 bytes
//   slot    payload raw at its base; header block i (manifest blocks first, then tables) at base + size - (i + 1) *
//   4096
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define IMAGE_BLOCK         4096u  // bytes: one block, the unit of hashing and of erasing
#define IMAGE_GROUP         64u    // bytes: payload granularity, one SHA-256 block
#define IMAGE_BLOCK_GROUPS  (IMAGE_BLOCK / IMAGE_GROUP)
#define IMAGE_HASH          32u                         // bytes of one SHA-256
#define IMAGE_TABLE_ENTRIES (IMAGE_BLOCK / IMAGE_HASH)  // payload blocks of one table block

// Offsets in the manifest.
#define IMAGE_AT_MAGIC            0u     // "SLU1"
#define IMAGE_AT_FORMAT           4u     // u16, 1
#define IMAGE_AT_MANIFEST_BLOCKS  6u     // u8
#define IMAGE_AT_FLAGS            7u     // u8, 0
#define IMAGE_AT_IMAGE_SIZE       8u     // u32, bytes
#define IMAGE_AT_PAYLOAD_SIZE     12u    // u32, bytes
#define IMAGE_AT_PAYLOAD_BLOCKS   16u    // u32
#define IMAGE_AT_TABLE_BLOCKS     20u    // u16
#define IMAGE_AT_CLASSIFICATION   22u    // u16, DSP0267 table 19
#define IMAGE_AT_IDENTIFIER       24u    // u16
#define IMAGE_AT_VERSION_TYPE     26u    // u8, DSP0267 table 20
#define IMAGE_AT_VERSION_LENGTH   27u    // u8, bytes
#define IMAGE_AT_STAMP            28u    // u32, comparison stamp
#define IMAGE_AT_SECURITY_VERSION 32u    // u32
#define IMAGE_AT_RELEASE_DATE     36u    // 8 digits YYYYMMDD, or 8 zero bytes
#define IMAGE_AT_KEY_ID           44u    // 16 bytes, zero: unsigned
#define IMAGE_AT_LOAD_ADDRESS     60u    // u32, load and entry address, 0: not code for the processor
#define IMAGE_AT_VERSION          64u    // 128 bytes, zero padded
#define IMAGE_AT_TABLE_HASHES     192u   // 32 bytes for each table block
#define IMAGE_PUBLIC_KEY          56u    // bytes: LM public key
#define IMAGE_SIGNATURE           2508u  // bytes: LMS signature
#define IMAGE_SIGNATURE_ROOM      2564u  // both, at the end of the last manifest block

#define IMAGE_MAGIC               0x31554C53u
#define IMAGE_FORMAT              1u
#define IMAGE_MAX_MANIFEST_BLOCKS 4u
#define IMAGE_VERSION_MAX         128u
#define IMAGE_DATE                8u
#define IMAGE_KEY_ID              16u

/** Why a manifest is refused; image_error_name() puts it into words. */
enum image_error {
    IMAGE_OK = 0,
    IMAGE_TRUNCATED,     // fewer bytes than the manifest needs
    IMAGE_BAD_MAGIC,     //
    IMAGE_BAD_FORMAT,    // a format version other than 1
    IMAGE_BAD_FLAGS,     // a flag that this version does not know
    IMAGE_BAD_MANIFEST,  // manifest blocks not 1..4 or too few for the table hashes
    IMAGE_BAD_PAYLOAD,   // no payload, or payload blocks that do not follow from its size
    IMAGE_BAD_TABLES,    // table blocks that do not follow from the payload blocks
    IMAGE_BAD_SIZE,      // image size that is not the sum of its parts
    IMAGE_BAD_VERSION,   // version string type not 1..5, length not 1..128, or its padding not zero
    IMAGE_BAD_DATE,      // release date neither digits nor zero
    IMAGE_BAD_ADDRESS,   // load address not a multiple of 4
    IMAGE_ERRORS
};

/** What a manifest says. @c version points into the manifest it was parsed from. */
struct image {
    uint32_t image_size;      // bytes
    uint32_t payload_size;    // bytes, before padding
    uint32_t payload_blocks;  // the last one may be short
    uint32_t stamp;
    uint32_t security_version;
    uint32_t load_address;
    uint16_t table_blocks;
    uint16_t classification;
    uint16_t identifier;
    uint8_t manifest_blocks;
    uint8_t version_type;
    uint8_t version_length;
    uint8_t release_date[IMAGE_DATE];
    uint8_t key_id[IMAGE_KEY_ID];
    const uint8_t *version;
};

/** Reads and validates a manifest, every field, lengths first. All fields are in its first block.
 *
 * @param manifest  its blocks one after another; nothing is read beyond @p len
 * @param len       bytes there are
 * @param out       filled on IMAGE_OK, and on IMAGE_TRUNCATED when one block is there but manifest_blocks are wanted;
 * on all other errors manifest_blocks is 0 and the rest undefined
 */
enum image_error image_parse(const uint8_t *manifest, size_t len, struct image *out);

/** The same without what is there for people, version string and release date: neither read nor checked. The boot ROM
 * has no room for that. */
enum image_error image_parse_program(const uint8_t *manifest, size_t len, struct image *out);

/** Fills manifest_blocks, table_blocks, payload_blocks and image_size from payload_size.
 * @return false when no format-1 manifest can describe a payload of that size */
bool image_layout(struct image *image);

/** Writes a manifest of @c image->manifest_blocks blocks (image_layout() comes first): all fields and the version
 * string; hashes, signature and the rest are zero. The caller then writes the hashes at image_table_hash().
 * @return what image_parse() says about the result, so that nothing is written that would not be read back */
enum image_error image_encode(const struct image *image, uint8_t *manifest);

/** One short English phrase, lower case. */
const char *image_error_name(enum image_error error);

/** Offset in the manifest of the hash of table block @p table. */
static inline uint32_t image_table_hash(uint32_t table) {
    return IMAGE_AT_TABLE_HASHES + table * IMAGE_HASH;
}

/** Offset in the manifest of the signature, which is also the number of bytes that it covers. */
static inline uint32_t image_signature_at(const struct image *image) {
    return image->manifest_blocks * IMAGE_BLOCK - IMAGE_SIGNATURE;
}

/** Offset in the manifest of the public key. */
static inline uint32_t image_public_key_at(const struct image *image) {
    return image_signature_at(image) - IMAGE_PUBLIC_KEY;
}

/** Blocks before the payload: in the image at block i, in a slot at slot_header(). */
static inline uint32_t image_header_blocks(const struct image *image) {
    return (uint32_t)image->manifest_blocks + image->table_blocks;
}

/** Payload blocks that table block @p table covers, 1..128. */
static inline uint32_t image_table_count(const struct image *image, uint32_t table) {
    uint32_t left = image->payload_blocks - table * IMAGE_TABLE_ENTRIES;
    return left < IMAGE_TABLE_ENTRIES ? left : IMAGE_TABLE_ENTRIES;
}

/** 64-byte groups in payload block @p block, 1..64. */
static inline uint32_t image_block_groups(const struct image *image, uint32_t block) {
    uint32_t left = (image->payload_size - block * IMAGE_BLOCK - 1u) / IMAGE_GROUP + 1u;
    return left < IMAGE_BLOCK_GROUPS ? left : IMAGE_BLOCK_GROUPS;
}

/** True when the image is unsigned (its key identifier is zero). */
static inline bool image_unsigned(const struct image *image) {
    for (uint32_t i = 0; i < IMAGE_KEY_ID; i++)
        if (image->key_id[i] != 0) return false;
    return true;
}

/** Flash address of header block @p i in the slot [@p base, @p base + @p size). */
static inline uint32_t slot_header(uint32_t base, uint32_t size, uint32_t i) {
    return base + size - (i + 1u) * IMAGE_BLOCK;
}

/** Whether payload and header blocks find room in a slot of @p size bytes without sharing a block. */
static inline bool slot_fits(uint32_t size, const struct image *image) {
    return size / IMAGE_BLOCK >= image->payload_blocks + image_header_blocks(image);
}
