// SPDX-License-Identifier: Apache-2.0
//
// Verifies LMS signatures (RFC 8554; LMS_SHA256_M32_H10 with LMOTS_SHA256_N32_W4, no other). Portable C for a
// little-endian machine, no heap, no libc: boot ROM, firmware and fwpkg share it. It decides, fills and gathers; all
// hashing is the caller's, in two forms that the stream engine has as orders (rtl/regs/sluice.rdl, order_rf) and the
// host as software (host/lms_soft.h).
//
// Room, five blocks of 4 KiB, on the card of the stream RAM (any five neighbours that no order uses):
//
//   block    holds
//   0, 1, 2  steps, a 64-byte group a chain, batch by batch in turn: I 16 | q 4 | chain 2 | j 1 | value 32 | padding
//   3        one message from its first byte on, with FIPS 180-4 padding to a whole number of groups
//   0, 1     afterwards: the messages of the tree in turn
//   4        the public key
//
// A verification is these orders, all with source RAM, and but for the second one with count 1 and dest = the room's
// block. That is fw/image/trust.c's, for the message that is signed; the first one lms_hash_key():
//
//   orders  kind    groups  over
//   1       digest  2       the public key                      (56 bytes)
//   1       digest  25 ..   a manifest of 1..4 blocks in its place; its padding, 12 bytes, lies over the first bytes of
//                           the signature, which are put back afterwards (fw/hal/judge.c)
//   1       digest  2       I | q | D_MESG | C | message         (86 bytes when the message is a digest)
//   10      chain   8       a batch of chains (the first and the last one 3), two of them queued: meanwhile the ends
//                           of the one before are gathered and the next one is filled
//   1       digest  34      I | q | D_PBLK | 67 ends             (2166 bytes)
//   1       digest  1       I | node | D_LEAF | K                (54 bytes)
//   10      digest  2       I | node | D_INTR | left | right     (86 bytes)
//
// A digest order leaves its result in DIGEST, from which finish() copies it. Time is the chains': 122 cycles a step,
// LMS_STEPS_MEAN of them in the mean of all messages, at most LMS_STEPS_FEW for a signature of fwpkg (docs/signing.md).
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

// Four-byte types, and the D values, whose two bytes are the same.
#define LMS_TYPE     6u  // LMS_SHA256_M32_H10
#define LMS_OTS_TYPE 3u  // LMOTS_SHA256_N32_W4
#define LMS_D_PBLK   0x80u
#define LMS_D_MESG   0x81u
#define LMS_D_LEAF   0x82u
#define LMS_D_INTR   0x83u

#define LMS_STEPS_MEAN 506u
#define LMS_STEPS_FEW  375u  // one randomizer in 4500

#define LMS_ROOM_BLOCK   4096u  // bytes
#define LMS_ROOM         (5u * LMS_ROOM_BLOCK)
#define LMS_BATCH        8u                           // chains
#define LMS_GROUP        64u                          // bytes of a step
#define LMS_MESSAGE_AT   54u                          // bytes hashed before the message
#define LMS_MESSAGE_MOST (LMS_ROOM_BLOCK - 54u - 9u)  // bytes of a message: it is hashed in one piece

/** Who hashes. On the card walk() and hash() push an order, finish() waits for the oldest one. */
struct lms_engine {
    void *ctx;
    uint32_t *room;  // LMS_ROOM bytes
    /** Begins to walk the chains whose steps are the first @p count groups at @p steps (room block 0, 1 or 2), each to
     * its end in its place. At most two walks, or one hash, are under way. */
    void (*walk)(void *ctx, uint32_t *steps, uint32_t count);
    /** Begins SHA-256 of @p len bytes at @p message (a block of the room, or a manifest), whose padding stands
     * behind them already. */
    void (*hash)(void *ctx, const uint32_t *message, size_t len);
    /** Waits for the end of what was begun first.
     * @param digest  where a hash goes, at a multiple of 2 and maybe within the message; NULL for a walk
     * @return false when the engine gave up */
    bool (*finish)(void *ctx, uint8_t *digest);
};

/** Whether @p signature is one of @p message by the holder of @p key. Lengths are the constants'; all three begin at a
 * multiple of 4 and are not in the room.
 *
 * @param len  bytes of the message; false for more than LMS_MESSAGE_MOST
 * @return false also for types other than the ones above, and when the engine gave up */
bool lms_verify(const struct lms_engine *engine, const uint8_t *key, const uint8_t *signature, const uint8_t *message,
                size_t len);

/** The same in parts, between which there is time while the engine is at work: lms_prepare() before lms_walk(), @p q
 * being the signature's first word; lms_begin(); then the message is put where it said; lms_walk(), which leaves a long
 * hash to the engine; lms_end(), in any case when that was true.
 *
 * @param len  bytes of the message, at most LMS_MESSAGE_MOST */
void lms_prepare(const struct lms_engine *engine, const uint8_t *key, uint32_t q);
uint8_t *lms_begin(const struct lms_engine *engine, const uint8_t *key, const uint8_t *signature, uint32_t len);
bool lms_walk(const struct lms_engine *engine, const uint8_t *key, const uint8_t *signature, uint32_t len);
bool lms_end(const struct lms_engine *engine, const uint8_t *key, const uint8_t *signature);

/** Begins SHA-256 of @p len bytes at @p message, behind which their padding is written: 9 bytes, and on to the end of a
 * group. On the card the message begins with a RAM block, of which it has four at most. */
void lms_hash(const struct lms_engine *engine, uint32_t *message, uint32_t len);

/** Copies a hash from and to multiples of 2. */
void lms_copy(uint8_t *to, const uint8_t *from);

/** Whether @p len bytes are the same, a multiple of 4, as are both addresses. */
bool lms_same(const uint8_t *a, const uint8_t *b, uint32_t len);

/** SHA-256 of a public key: by it a card knows its roots, and its first bytes are the key's identifier. lms_put_key()
 * puts the key into the room, lms_hash_key() begins. lms_prepare() and lms_begin() leave it alone. */
void lms_put_key(const struct lms_engine *engine, const uint8_t *key);
void lms_hash_key(const struct lms_engine *engine);

/** The digit of chain @p i, 0..66, in the 34 bytes of digest and checksum (RFC 8554, 3.1.3). */
static inline uint32_t lms_digit(const uint8_t *digits, uint32_t i) {
    return (i & 1u) != 0 ? digits[i / 2] & 15u : digits[i / 2] >> 4u;
}

/** Appends the checksum to a digest, which begins at a multiple of 4: writes bytes 32 and 33 (RFC 8554, 4.4). */
static inline void lms_append_checksum(uint8_t digits[LMS_HASH + 2u]) {
    uint32_t sums = 0, sum = 2u * LMS_HASH * LMS_CHAIN_END;
    for (uint32_t i = 0; i < LMS_HASH; i += 4u) {  // four sums at once, of 8 times two digits: none overflows
        uint32_t word;
        __builtin_memcpy(&word, __builtin_assume_aligned(digits + i, 4), sizeof word);
        sums += (word & 0x0F0F0F0Fu) + (word >> 4u & 0x0F0F0F0Fu);
    }
    sums = (sums & 0x00FF00FFu) + (sums >> 8u & 0x00FF00FFu);
    sum -= (sums + (sums >> 16u)) & 0xFFFFu;
    digits[LMS_HASH] = (uint8_t)(sum >> 4u);
    digits[LMS_HASH + 1u] = (uint8_t)(sum << 4u);
}
