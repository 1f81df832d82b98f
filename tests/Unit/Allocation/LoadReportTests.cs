using System.Buffers;
using AkkaScale.LegacyCluster.Ownership;
using AkkaScale.LegacyCluster.Transport;
using AkkaScale.LegacySharding.Allocation;
using Xunit;

namespace AkkaScale.Tests.Unit.Allocation;

public sealed class LoadReportTests
{
    private const string Golden = "000003E80000000200000003000001000000000700000010FFFFFFFF00000000";

    [Fact]
    public void A_report_is_these_bytes_and_is_read_back()
    {
        var report = new LoadReport(TimeSpan.FromSeconds(1), [new ShardTraffic(3, 256, 7), new ShardTraffic(16, uint.MaxValue, 0)]);
        var output = new ArrayBufferWriter<byte>();
        report.Write(output);
        Assert.Equal(Golden, Convert.ToHexString(output.WrittenSpan));

        var read = LoadReport.Read(new ReadOnlySequence<byte>(output.WrittenMemory));
        Assert.Equal(report.Interval, read.Interval);
        Assert.Equal(report.Shards.AsEnumerable(), read.Shards);
    }

    [Theory]
    [InlineData("")]
    [InlineData("000003E8")]
    [InlineData("000003E800000001")]
    [InlineData("000003E8FFFFFFFF000000030000010000000007")]
    [InlineData("000003E80000000100000003000001000000000700")]
    public void A_report_of_another_form_is_refused(string hex) =>
        Assert.Throws<FrameFormatException>(() => LoadReport.Read(new ReadOnlySequence<byte>(Convert.FromHexString(hex))));

    [Fact]
    public void More_shards_than_a_cluster_can_have_are_refused() =>
        Assert.Throws<FrameFormatException>(() => LoadReport.Read(new ReadOnlySequence<byte>(new byte[8 + (12 * 65_537)])));
}
