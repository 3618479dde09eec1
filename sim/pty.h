// SPDX-License-Identifier: Apache-2.0
//
// A pseudo terminal that carries bytes as they are.
#pragma once

/** Opens one, not blocking, and says on standard error that @p what is at its name. @return -1 with errno */
int pty_open(const char *what);
