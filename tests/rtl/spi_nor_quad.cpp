// SPDX-License-Identifier: Apache-2.0
//
// The spi_nor bench on the build with four data lines and a longer CS# high time.
#define QUAD
#include "spi_nor.cpp"
