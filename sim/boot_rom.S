# SPDX-License-Identifier: Apache-2.0
#
# The boot ROM of every card that is not given another one (card_config.boot_rom): in the program, so that it needs no file.
    .section .rodata
    .global sim_boot_rom, sim_boot_rom_end
    .balign 4
sim_boot_rom:
    .incbin "boot.bin"
    .balign 4
sim_boot_rom_end:
    .section .note.GNU-stack, "", @progbits
