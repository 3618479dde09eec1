// SPDX-License-Identifier: Apache-2.0
//
// How an advisory's product names a component of PLDM for Firmware Update: what host/advisory_csaf.c writes and fwup
// check reads.
#pragma once
#include "host/advisory.h"

#define ADVISORY_NAMESPACE "https://www.dmtf.org/dsp/DSP0267"
#define ADVISORY_COMPONENT "pldm:component:" /* and 0xCCCC:0xIIII */
