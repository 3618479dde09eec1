# SPDX-License-Identifier: Apache-2.0
#
# Entry of the boot ROM and of the application: stack, cleared .bss, main(a0). The application's a0 is the slot it was loaded
# from. Code and data are in place already; main does not return.
    .section .start, "ax"
    .globl _start
_start:
    la      sp, __stack_top
    la      t0, __bss_start
    la      t1, __bss_end
1:  bgeu    t0, t1, 2f
    sw      zero, 0(t0)
    addi    t0, t0, 4
    j       1b
2:  call    main
3:  j       3b
