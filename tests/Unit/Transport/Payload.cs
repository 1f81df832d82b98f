using System.Buffers;
using System.Text;
using AkkaScale.LegacyCluster.Transport;

namespace AkkaScale.Tests.Unit.Transport;

internal static class Payload
{
    public static readonly PayloadWriter<string> Text = (output, text) => Encoding.UTF8.GetBytes(text, output);

    public static readonly PayloadWriter<int> Zeros = (output, count) =>
    {
        output.GetSpan(count)[..count].Clear();
        output.Advance(count);
    };
}
