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
    SCENARIO_ORDER,
    SCENARIO_PORT
};

// SCENARIO_PORT: the update agent, and how much of its image is fetched, block i into block FIRST_BLOCK + i.
enum { PORT_AGENT_EID = 8, PORT_CARD_EID = 9, PORT_FIRST_BLOCK = 4, PORT_BLOCKS = 8 };
