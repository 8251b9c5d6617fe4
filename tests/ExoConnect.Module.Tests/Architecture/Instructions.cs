using System.Reflection.Emit;
using System.Reflection.Metadata;

namespace ExoConnect.Module.Tests.Architecture;

/// <summary>Reads the instructions of a compiled method.</summary>
internal static class Instructions
{
    private static readonly Dictionary<int, OpCode> Codes = typeof(OpCodes).GetFields()
        .Select(static f => (OpCode)f.GetValue(null)!)
        .ToDictionary(static code => (int)(ushort)code.Value);

    /// <summary>The instructions in their order, each with its operand where that is four bytes long: a token, a number, a branch.</summary>
    public static List<(OpCode Code, int Operand)> Of(BlobReader body)
    {
        var all = new List<(OpCode, int)>();
        while (body.RemainingBytes > 0)
        {
            int value = body.ReadByte();
            var code = Codes[value == 0xFE ? 0xFE00 | body.ReadByte() : value];
            var operand = 0;
            switch (code.OperandType)
            {
                case OperandType.InlineNone:
                    break;
                case OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar:
                    body.Offset += 1;
                    break;
                case OperandType.InlineVar:
                    body.Offset += 2;
                    break;
                case OperandType.InlineI8 or OperandType.InlineR:
                    body.Offset += 8;
                    break;
                case OperandType.InlineSwitch:
                    var targets = body.ReadInt32();
                    body.Offset += 4 * targets;
                    break;
                default:
                    operand = body.ReadInt32();
                    break;
            }

            all.Add((code, operand));
        }

        return all;
    }
}
