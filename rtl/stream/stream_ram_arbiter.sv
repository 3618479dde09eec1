// SPDX-License-Identifier: Apache-2.0
//
// The stream RAM and who may use it: one access a cycle, granted in the cycle of the request to the
// lowest-numbered client that asks. `rdata_o` belongs to the client whose read was granted in the
// cycle before and is undefined otherwise. Clients follow the stream RAM rule of rtl/README.md.
module stream_ram_arbiter
  import sluice_pkg::*;
#(
    parameter int unsigned Clients = 2,
    parameter int unsigned Words   = 16384  // 2 .. 2**RamAw
) (
    input  logic                   clk_i,
    input  logic                   rst_ni,
    input  ram_req_t [Clients-1:0] req_i,
    output logic     [Clients-1:0] gnt_o,
    output logic     [       31:0] rdata_o
);

  ram_req_t chosen;

  always_comb begin
    gnt_o  = '0;
    chosen = '0;
    for (int unsigned i = 0; i < Clients; i++) begin
      if (req_i[i].req && !chosen.req) begin
        gnt_o[i] = 1'b1;
        chosen   = req_i[i];
      end
    end
  end

  prim_ram_1p #(
      .Words(Words)
  ) u_ram (
      .clk_i,
      .req_i  (chosen.req),
      .we_i   (chosen.we),
      .be_i   (chosen.be),
      .addr_i (chosen.addr[$clog2(Words)-1:0]),
      .wdata_i(chosen.wdata),
      .rdata_o
  );

`ifndef SYNTHESIS
  // A client keeps its request, unchanged, until it is granted, and stays inside the memory.
  for (genvar i = 0; i < Clients; i++) begin : gen_client_rule
    AWaits :
    assert property (@(posedge clk_i) disable iff (!rst_ni) req_i[i].req && !gnt_o[i] |=> $stable(
        req_i[i]
    ));
    AInside :
    assert property (@(posedge clk_i) disable iff (!rst_ni)
      req_i[i].req |-> 32'(req_i[i].addr) < Words);
  end
  AOneGrant :
  assert property (@(posedge clk_i) disable iff (!rst_ni) $onehot0(gnt_o));
`endif

endmodule
