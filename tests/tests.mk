# SPDX-License-Identifier: Apache-2.0
CFLAGS_TEST := -std=c11 -g -O1 -Wall -Wextra -Wconversion -Wshadow -Werror -fsanitize=address,undefined -fno-sanitize-recover

include $(wildcard tests/*/*.mk)
