using System.Buffers;

namespace AkkaScale.Hosting.Metrics;

public sealed class PrometheusExporter
{
    public void WriteTo(IBufferWriter<byte> output) => output.Write("# none\n"u8);
}
