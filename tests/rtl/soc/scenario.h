// SPDX-License-Identifier: Apache-2.0
//
// What the bench asks of the test program, by the number on the board pins.
#pragma once

enum scenario {
    SCENARIO_RAM = 1,
    SCENARIO_STREAM_RAM,
    SCENARIO_REGISTERS,
    SCENARIO_TIMER,
    SCENARIO_RESTART,
    SCENARIO_WATCHDOG,
    SCENARIO_CONSOLE,
    SCENARIO_ECHO,
    SCENARIO_FLASH,
    SCENARIO_ORDER
};
