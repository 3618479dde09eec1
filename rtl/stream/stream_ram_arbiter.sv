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

  logic [Clients-1:0] wants;
  ram_req_t chosen;

  // What a request does not use may come from any client: the data of a write is that of the first
  // client that wants to write, so clients that only read add nothing to its multiplexer.
  always_comb begin
    chosen     = req_i[Clients-1];
    chosen.req = 1'b0;
    chosen.we  = 1'b0;
    for (int i = int'(Clients) - 1; i >= 0; i--) begin
      wants[i] = req_i[i].req;
      if (req_i[i].req) begin
        chosen.req  = 1'b1;
        chosen.we   = req_i[i].we;
        chosen.addr = req_i[i].addr;
      end
      if (req_i[i].req && req_i[i].we) begin
        chosen.be    = req_i[i].be;
        chosen.wdata = req_i[i].wdata;
      end
    end
  end

  assign gnt_o = wants & (~wants + Clients'(1));  // the lowest bit

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
  // A client keeps its request, unchanged as far as it counts, until it is granted, and stays inside
  // the memory. Where data is only looked at while it counts, nothing of an assertion moves with what does not:
  // the simulation's jumps (sim/quiet.h) would end.
  for (genvar i = 0; i < Clients; i++) begin : gen_client_rule
    AWaits :
    assert property (@(posedge clk_i) disable iff (!rst_ni)
      req_i[i].req && !gnt_o[i] |=> req_i[i].req && $stable(
        {req_i[i].we, req_i[i].addr}
    ));
    AWriteWaits :
    assert property (@(posedge clk_i) disable iff (!rst_ni)
      req_i[i].req && req_i[i].we && !gnt_o[i] |=> $stable(
        req_i[i].req && req_i[i].we ? {req_i[i].be, req_i[i].wdata} : '0
    ));
    AInside :
    assert property (@(posedge clk_i) disable iff (!rst_ni)
      req_i[i].req |-> 32'(req_i[i].addr) < Words);
  end
  AOneGrant :
  assert property (@(posedge clk_i) disable iff (!rst_ni) $onehot0(gnt_o));
`endif

endmodule
