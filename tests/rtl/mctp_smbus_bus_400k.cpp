// SPDX-License-Identifier: Apache-2.0
//
// The tests of mctp_smbus_bus.cpp again on a bus of 400 kHz, with a clock that is no multiple of it.
#include "mctp_smbus_bus.cpp"
