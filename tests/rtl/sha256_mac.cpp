// SPDX-License-Identifier: Apache-2.0
//
// The same bench over the iCE40 mapping of prim_adder, SB_MAC16, with the vendor cell's model.
#include "sha256.cpp"
