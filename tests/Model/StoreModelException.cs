using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace AkkaScale.Tests.Model;

/// <summary>What must always hold of the stored rows does not: whoever wrote them is at fault, not the store.</summary>
internal sealed class StoreModelException(string message) : Exception(message)
{
    public static void Check(bool holds, [InterpolatedStringHandlerArgument(nameof(holds))] ref Text what)
    {
        if (!holds)
        {
            throw new StoreModelException(what.ToString());
        }
    }

    /// <summary>Put together only when the check fails: there are some for each event.</summary>
    [InterpolatedStringHandler]
    internal readonly ref struct Text
    {
        private readonly StringBuilder? _text;

        public Text(int literalLength, int holes, bool holds, out bool isWanted)
        {
            isWanted = !holds;
            _text = holds ? null : new StringBuilder(literalLength + (holes * 16));
        }

        public void AppendLiteral(string text) => _text!.Append(text);

        public void AppendFormatted<T>(T value) => _text!.Append(CultureInfo.InvariantCulture, $"{value}");

        public override string ToString() => _text!.ToString();
    }
}
