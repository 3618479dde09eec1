# SPDX-License-Identifier: Apache-2.0
#
# Reset vector of the test program: a stack at the end of the RAM, then the program.
    .section .text.start, "ax"
    .globl _start
_start:
    li sp, 0x10010000
    call program
1:  j 1b
