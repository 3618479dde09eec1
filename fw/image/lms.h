// SPDX-License-Identifier: Apache-2.0
//
// Verifies LMS signatures (RFC 8554; LMS_SHA256_M32_H10 with LMOTS_SHA256_N32_W4, no other). Portable C for a
// little-endian machine, no heap, no libc: boot ROM, firmware and fwpkg share it. It decides and lays out; all
// hashing is the caller's, in the forms that the stream engine has as orders (rtl/regs/sluice.rdl, order_rf) and the
// host as software (host/lms_soft.h).
//
// Room, four blocks of 4 KiB, on the card of the stream RAM (any four neighbours that no order uses):
//
//   block  holds
//   0      the message of all ends: the engine walks chains in it. LMS_TAIL bytes from its begin, 12 bytes which every
//          step ends with
//   1      the message of D_MESG, then that of the leaf
//   2      the message of two nodes: the engine climbs the tree in it, and leaves the root in its second value
//   3      the public key, its hash
//
// A message lies with a hole of two bytes before D, at byte 20, so that each of its hashes begins with a word, and with
// FIPS 180-4's padding to a whole number of groups, which ends two bytes behind them. Public key and manifest have no
// hole.
//
//   byte  0   16               20    22   24            56
//         I   q, node          hole  D    first value   second one
//
// A verification is these orders, all with source RAM, the first two in fw/image/trust.c:
//
//   orders  kind    groups  over
//   1       digest  25 ..   a manifest of 1..4 blocks in its place; its padding, 12 bytes, lies over the first bytes of
//                           the signature, which are put back afterwards (fw/hal/judge.c)
//   1       digest  2       the public key                      (56 bytes)
//   1       digest  2       I | q | D_MESG | C | message        (86 bytes when the message is a digest)
//   1       chains          67 chains from the signature's values to their ends
//   1       digest  34      I | q | D_PBLK | 67 ends            (2166 bytes)
//   1       digest  1       I | node | D_LEAF | K               (54 bytes)
//   1       tree    2       ten times I | node | D_INTR | left | right  (86 bytes)
//
// Each digest goes where it is wanted next. Time is the chains': 122 cycles a step, LMS_STEPS_MEAN of them in
// the mean of all messages, at most LMS_STEPS_FEW for a signature of fwpkg (docs/signing.md).
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LMS_HASH       32u
#define LMS_PUBLIC_KEY 56u    // bytes: types, I, root
#define LMS_SIGNATURE  2508u  // bytes: q, one-time signature, type, path
#define LMS_KEYS       1024u  // one-time keys of one tree
#define LMS_HEIGHT     10u
#define LMS_CHAINS     67u
#define LMS_CHAIN_END  15u  // last step of a chain
#define LMS_IDENTIFIER 16u  // bytes of I

// In a public key.
#define LMS_KEY_TYPE     0u
#define LMS_KEY_OTS_TYPE 4u
#define LMS_KEY_I        8u
#define LMS_KEY_ROOT     24u

// In a signature.
#define LMS_AT_Q        0u
#define LMS_AT_OTS_TYPE 4u
#define LMS_AT_C        8u
#define LMS_AT_Y        40u
#define LMS_AT_TYPE     2184u
#define LMS_AT_PATH     2188u

// Four-byte types, and the D values behind the hole.
#define LMS_TYPE     6u  // LMS_SHA256_M32_H10
#define LMS_OTS_TYPE 3u  // LMOTS_SHA256_N32_W4
#define LMS_D_PBLK   0x80800000u
#define LMS_D_MESG   0x81810000u
#define LMS_D_LEAF   0x82820000u
#define LMS_D_INTR   0x83830000u

#define LMS_STEPS_MEAN 506u
#define LMS_STEPS_FEW  375u  // one randomizer in 4500

#define LMS_ROOM_BLOCK   4096u  // bytes
#define LMS_ROOM         (4u * LMS_ROOM_BLOCK)
#define LMS_GROUP        64u
#define LMS_HOLE         2u     // bytes
#define LMS_HOLE_AT      20u    // before D
#define LMS_TAIL         3128u  // in the block of all ends
#define LMS_NUMBERS      10u    // words: a digest and its checksum, or the nodes above a leaf
#define LMS_MESSAGE_AT   54u    // bytes hashed before the message
#define LMS_MESSAGE_MOST (LMS_ROOM_BLOCK - LMS_GROUP - 54u - 9u)  // bytes of a message: it is hashed in one piece

/** Who hashes. On the card walk() and hash() push an order, finish() waits for the oldest one. At most two are under
 * way, and each may count on what those before it leave. */
struct lms_engine {
    void *ctx;
    uint32_t *room;     // LMS_ROOM bytes
    uint32_t *numbers;  // LMS_NUMBERS words for walk() and climb()
    /** Begins to walk all chains of the signature whose values are @p values, from the steps that digest and checksum
     * in `numbers` say, each to its end in the message of all ends, which is @p ends and otherwise as described above.
     */
    void (*walk)(void *ctx, uint32_t *ends, const uint8_t *values);
    /** Begins SHA-256 of @p len bytes at @p message (a block of the room, or a manifest), of which @p hole bytes from
     * LMS_HOLE_AT on, 0 or LMS_HOLE, are none. The padding stands behind them already.
     * @param digest  where it goes: in the room, or `numbers` */
    void (*hash)(void *ctx, uint32_t hole, const uint32_t *message, uint32_t len, uint32_t *digest);
    /** Begins to climb from the leaf, whose hash was the last one begun and is in the message of two nodes already, on
     * the side that its number says: ten times puts the hash of @p path beside it, takes the message's number from
     * `numbers`, and puts the hash in the place of the value on whose side that number says it is. */
    void (*climb)(void *ctx, uint32_t *message, const uint8_t *path);
    /** Waits for the end of what was begun first. @return false when the engine gave up; nothing is under way then */
    bool (*finish)(void *ctx);
};

/** Whether @p signature is one of @p message by the holder of @p key. Lengths are the constants'; all three begin at a
 * multiple of 4 and are not in the room.
 *
 * @param len  bytes of the message; false for more than LMS_MESSAGE_MOST
 * @return false also for types other than the ones above, and when the engine gave up */
bool lms_verify(const struct lms_engine *engine, const uint8_t *key, const uint8_t *signature, const uint8_t *message,
                size_t len);

/** The same in parts, between which there is time while the engine is at work: lms_begin(), which says where the
 * message is to be put or hashed to; lms_prepare(), @p q being the signature's first word; lms_walk(), which leaves two
 * orders to the engine; lms_end(), in any case when that was true.
 *
 * @param len  bytes of the message, at most LMS_MESSAGE_MOST */
uint32_t *lms_begin(const struct lms_engine *engine, const uint8_t *key, const uint8_t *signature, uint32_t len);
void lms_prepare(const struct lms_engine *engine, const uint8_t *key, uint32_t q);
bool lms_walk(const struct lms_engine *engine, const uint8_t *key, const uint8_t *signature, uint32_t len);
bool lms_end(const struct lms_engine *engine, const uint8_t *key, const uint8_t *signature);

/** Groups of a message of @p len bytes with its padding. */
static inline uint32_t lms_groups(uint32_t len) {
    return (len + 9u + LMS_GROUP - 1u) / LMS_GROUP;
}

/** Begins SHA-256 of @p len bytes at @p message, behind which their padding is written: 9 bytes, and on to the end of a
 * group. On the card the message begins with a RAM block, of which it has four at most. */
void lms_hash(const struct lms_engine *engine, uint32_t *message, uint32_t len, uint32_t *digest);

/** Whether @p len bytes are the same, a multiple of 4, as are both addresses. */
bool lms_same(const uint8_t *a, const uint8_t *b, uint32_t len);

/** Begins SHA-256 of a public key: by it a card knows its roots, and its first bytes are the key's identifier. The
 * other functions leave it alone. @return where it goes */
const uint32_t *lms_hash_key(const struct lms_engine *engine, const uint8_t *key);

/** The digit of chain @p i, 0..66, in the 34 bytes of digest and checksum (RFC 8554, 3.1.3). */
static inline uint32_t lms_digit(const uint8_t *digits, uint32_t i) {
    return (i & 1u) != 0 ? digits[i / 2] & 15u : digits[i / 2] >> 4u;
}

/** The word behind a digest: its checksum (RFC 8554, 4.4) in bytes 32 and 33. */
static inline uint32_t lms_checksum(const uint32_t digits[LMS_HASH / 4u]) {
    uint32_t sums = 0, sum = 2u * LMS_HASH * LMS_CHAIN_END;
    for (uint32_t i = 0; i < LMS_HASH / 4u; i++)  // four sums at once, of 8 times two digits: none overflows
        sums += (digits[i] & 0x0F0F0F0Fu) + (digits[i] >> 4u & 0x0F0F0F0Fu);
    sums = (sums & 0x00FF00FFu) + (sums >> 8u & 0x00FF00FFu);
    sum -= (sums + (sums >> 16u)) & 0xFFFFu;
    return (sum >> 4u & 0xFFu) | (sum << 4u & 0xFFu) << 8u;
}
