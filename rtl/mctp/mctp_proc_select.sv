// SPDX-License-Identifier: Apache-2.0
//
// Which link's received packet the processor reads: the links take turns, packet by packet. Each side
// is that of mctp_packet_fifo's reader.
module mctp_proc_select
  import sluice_pkg::*;
(
    input  logic                     clk_i,
    input  logic                     rst_ni,
    input  logic [NumLinks-1:0][7:0] length_i,
    input  logic [NumLinks-1:0][7:0] data_i,
    output logic [NumLinks-1:0]      pop_o,
    output logic [         7:0]      length_o,
    output logic [         7:0]      data_o,
    input  logic                     pop_i,
    output logic [   LinkW-1:0]      link_o     // whose packet it is, while length_o is not 0
);

  logic [LinkW-1:0] link_q;

  assign link_o   = link_q;
  assign length_o = length_i[link_q];
  assign data_o   = data_i[link_q];
  always_comb begin
    pop_o = '0;
    pop_o[link_q] = pop_i;
  end

  // A length is 0 for two cycles behind each packet: the others have their turn. It stands still
  // while no packet waits.
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) link_q <= '0;
    else if (length_o == '0 && length_i != '0)
      link_q <= link_q == LinkW'(NumLinks - 1) ? '0 : link_q + 1'b1;
  end

endmodule
