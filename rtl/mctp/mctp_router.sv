// SPDX-License-Identifier: Apache-2.0
//
// Checks the MCTP header of received packets and sends each where it belongs: answers (TO = 0) with
// a tag below StreamTags to the stream engine, all others to the processor. Dropped are packets of
// another header version than 1, for an endpoint other than own_eid_i and 0, and those shorter than
// header and message type.
//
// Neither consumer sees anything of a packet that is not its own: the first three bytes are held
// back until the flags came and are then repeated, with the reserved bits of the version byte 0.
module mctp_router
  import sluice_pkg::*;
(
    input  logic            clk_i,
    input  logic            rst_ni,
    input  logic      [7:0] own_eid_i,
    input  pkt_byte_t       pkt_i,
    input  logic            pkt_valid_i,
    output logic            pkt_ready_o,
    output pkt_byte_t       stream_o,
    output logic      [1:0] stream_tag_o,    // of the packet, while its first byte is offered
    output logic            stream_valid_o,
    input  logic            stream_ready_i,
    output pkt_byte_t       proc_o,
    output logic            proc_valid_o,
    input  logic            proc_ready_i,
    output logic            drop_o           // one cycle a packet that was good but not for us
);

  // The first bit says that a packet is passed on, or dropped; the others then choose the byte.
  typedef enum logic [2:0] {
    GetVersion     = 3'b000,
    GetDestination = 3'b001,
    GetSource      = 3'b010,
    Decide         = 3'b011,  // the flags are offered and not taken yet
    PutVersion     = 3'b100,
    PutDestination = 3'b101,
    PutSource      = 3'b110,
    Pass           = 3'b111   // flags and payload
  } state_e;

  state_e state_q, state_d, put_next;
  logic to_stream_q, to_stream_d, to_proc_q, to_proc_d;
  logic null_eid_q;
  logic [7:0] source_q;
  logic put, taken;

  pkt_byte_t out;
  assign stream_o = out;
  assign stream_tag_o = pkt_i.data[1:0];  // the flags
  assign proc_o = out;
  assign put = state_q[2] && state_q != Pass;
  assign stream_valid_o = pkt_valid_i && state_q[2] && to_stream_q;
  assign proc_valid_o = pkt_valid_i && state_q[2] && to_proc_q;
  // Dropped packets are in state Pass too, for neither.
  assign taken = (!to_stream_q || stream_ready_i) && (!to_proc_q || proc_ready_i);

  always_comb begin
    unique case (state_q[1:0])
      PutVersion[1:0]: out.data = 8'h01;
      PutDestination[1:0]: out.data = null_eid_q ? 8'h00 : own_eid_i;
      PutSource[1:0]: out.data = source_q;
      default: out.data = pkt_i.data;
    endcase
    out.last = !put && pkt_i.last;
    out.err  = pkt_i.err;
  end

  assign put_next = state_q == PutVersion ? PutDestination :
      state_q == PutDestination ? PutSource : Pass;
  always_comb begin
    state_d = state_q;
    to_stream_d = to_stream_q;
    to_proc_d = to_proc_q;
    pkt_ready_o = 1'b1;
    unique case (state_q)
      GetVersion: begin
        to_stream_d = 1'b0;
        to_proc_d = 1'b0;
        state_d = pkt_i.data[3:0] == 4'd1 ? GetDestination : Pass;
      end
      GetDestination: begin
        state_d = pkt_i.data == own_eid_i || pkt_i.data == '0 ? GetSource : Pass;
      end
      GetSource: state_d = Decide;
      Decide: begin
        pkt_ready_o = pkt_i.last;
        to_stream_d = pkt_i.data[3:0] < 4'(StreamTags);
        to_proc_d = !to_stream_d;
        state_d = PutVersion;
      end
      PutVersion, PutDestination, PutSource: begin
        pkt_ready_o = 1'b0;
        if (taken) state_d = put_next;
      end
      Pass: pkt_ready_o = taken;
      default: ;
    endcase
    if (!pkt_valid_i) state_d = state_q;
    else if (pkt_i.last && pkt_ready_o) state_d = GetVersion;
    drop_o = pkt_valid_i && pkt_ready_o && pkt_i.last && !pkt_i.err;
    if (stream_valid_o || proc_valid_o) drop_o = 1'b0;
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) state_q <= GetVersion;
    else state_q <= state_d;
  end

  always_ff @(posedge clk_i) begin
    to_stream_q <= to_stream_d;
    to_proc_q   <= to_proc_d;
    if (state_q == GetDestination) null_eid_q <= pkt_i.data == '0;
    if (state_q == GetSource) source_q <= pkt_i.data;
  end

`ifndef SYNTHESIS
  ALinkKeeps :
  assert property (@(posedge clk_i) disable iff (!rst_ni)
                   pkt_valid_i && !pkt_ready_o |=>
                   pkt_valid_i && $stable(
      {pkt_i.err, pkt_i.last}
  ) && (pkt_i.err || $stable(
      pkt_i.data
  )));
  AKeepsStreamByte :
  assert property (@(posedge clk_i) disable iff (!rst_ni)
                   stream_valid_o && !stream_ready_i |=> stream_valid_o && (stream_o.err || $stable(
      stream_o
  )));
  AKeepsProcByte :
  assert property (@(posedge clk_i) disable iff (!rst_ni)
                   proc_valid_o && !proc_ready_i |=> proc_valid_o && (proc_o.err || $stable(
      proc_o
  )));
  AOneConsumer :
  assert property (@(posedge clk_i) disable iff (!rst_ni) !(stream_valid_o && proc_valid_o));
`endif

endmodule
