// SPDX-License-Identifier: Apache-2.0
//
// Compiled before picorv32.v, which takes its register file's name from this macro.
`define PICORV32_REGS sluice_core_regs
