// SPDX-License-Identifier: Apache-2.0
//
// The same bench over the iCE40 mapping of prim_ram_1p, two banks of SB_SPRAM256KA, with the vendor cell's model.
#include "ram_arbiter.cpp"
