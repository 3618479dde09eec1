// SPDX-License-Identifier: Apache-2.0
//
// A pin of the chip that can be driven and read: it is driven to `out_i` while `oe_i` is high. Synthesis
// makes the vendor's pad out of it; pull-ups are a matter of the board's pin constraints.
module prim_pad (
    inout  wire  pad_io,
    input  logic out_i,
    input  logic oe_i,
    output logic in_o
);

  assign pad_io = oe_i ? out_i : 1'bz;
  assign in_o   = pad_io;

endmodule
