// SPDX-License-Identifier: Apache-2.0
//
// A 32-bit adder with a register behind it: one enabled edge later `sum_o` is a_i + b_i, or a_i if `load_i`. With
// HoldA a register is before a_i too, so that b_i and `load_i` meet the a_i of the edge before.
//
// With SLUICE_MAC16 defined it is the adder of one of UP5K's eight SB_MAC16, whose multiplier is not used. nextpnr knows
// no delay from an input of that cell to its register: leave some 10 ns to it.
module prim_adder #(
    parameter bit HoldA = 1'b0
) (
    input  logic        clk_i,
    input  logic        en_i,
    input  logic        load_i,
    input  logic [31:0] a_i,
    input  logic [31:0] b_i,
    output logic [31:0] sum_o
);

`ifdef SLUICE_MAC16
  SB_MAC16 #(
      .C_REG                (HoldA),
      .D_REG                (HoldA),
      .TOPOUTPUT_SELECT     (2'd1),   // the register
      .BOTOUTPUT_SELECT     (2'd1),
      .TOPADDSUB_UPPERINPUT (1'b1),   // C
      .BOTADDSUB_UPPERINPUT (1'b1),   // D
      .TOPADDSUB_LOWERINPUT (2'd0),   // A
      .BOTADDSUB_LOWERINPUT (2'd0),   // B
      .TOPADDSUB_CARRYSELECT(2'd3),   // from the lower half
      .BOTADDSUB_CARRYSELECT(2'd0)    // none
  ) u_mac (
      .CLK(clk_i),
      .CE(en_i),
      .C(a_i[31:16]),
      .D(a_i[15:0]),
      .A(b_i[31:16]),
      .B(b_i[15:0]),
      .AHOLD(1'b0),
      .BHOLD(1'b0),
      .CHOLD(1'b0),
      .DHOLD(1'b0),
      .IRSTTOP(1'b0),
      .IRSTBOT(1'b0),
      .ORSTTOP(1'b0),
      .ORSTBOT(1'b0),
      .OLOADTOP(load_i),
      .OLOADBOT(load_i),
      .ADDSUBTOP(1'b0),
      .ADDSUBBOT(1'b0),
      .OHOLDTOP(1'b0),
      .OHOLDBOT(1'b0),
      .CI(1'b0),
      .ACCUMCI(1'b0),
      .SIGNEXTIN(1'b0),
      .O(sum_o),
      .CO(),
      .ACCUMCO(),
      .SIGNEXTOUT()
  );
`else
  logic [31:0] a;

  if (HoldA) begin : gen_hold
    logic [31:0] a_q;
    always_ff @(posedge clk_i) begin
      if (en_i) a_q <= a_i;
    end
    assign a = a_q;
  end else begin : gen_direct
    assign a = a_i;
  end

  always_ff @(posedge clk_i) begin
    if (en_i) sum_o <= load_i ? a : a + b_i;
  end
`endif

endmodule
