// SPDX-License-Identifier: Apache-2.0
//
// Whether an image is authentic for this board: fw/image/trust.h with the stream engine for all hashing and the roots
// of fw/board/board.h. Boot ROM and application ask before they use anything of an image but its manifest.
#pragma once
#include "fw/image/trust.h"

/** Judges a manifest that image_parse() accepted. Blocks for some 62000 cycles; no order may be outstanding.
 *
 * It overwrites four RAM blocks, from block 1 on or, if the manifest begins there, behind that block.
 *
 * @param manifest  all its blocks, from the beginning of RAM block 1 or of one above 4 on; as it was afterwards */
enum image_trust judge(uint8_t *manifest, const struct image *image);
