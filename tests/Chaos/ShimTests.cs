using System.Globalization;
using AkkaScale.Tests.Chaos.Rig;

namespace AkkaScale.Tests.Chaos;

public sealed class ShimTests
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(20);

    [CompilerFact]
    public async Task A_wall_clock_goes_wrong_and_an_fsync_takes_longer_for_the_process_that_is_told_so()
    {
        var directory = Directory.CreateTempSubdirectory("akkascale-shim-").FullName;
        try
        {
            var (shim, reason) = await Shim.BuildAsync(directory);
            Assert.Null(reason);
            using var control = shim!.Control();

            Assert.InRange(await OffsetAsync(control), -5, 5);
            control.WallOffset = -TimeSpan.FromHours(1);
            control.FsyncDelay = TimeSpan.FromMilliseconds(20);
            Assert.InRange(await OffsetAsync(control), -3605, -3595);
            await HostCommand.RunAsync(Bound, [.. control.Entering, "dd", "if=/dev/zero", $"of={directory}/file", "count=1", "conv=fsync"]);

            Assert.True(control.ClockReads > 0);
            Assert.Equal(1, control.SlowFsyncs);
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static async Task<double> OffsetAsync(ShimControl control)
    {
        var seconds = double.Parse(await HostCommand.RunAsync(Bound, [.. control.Entering, "date", "+%s"]), CultureInfo.InvariantCulture);
        return seconds - DateTimeOffset.UtcNow.ToUnixTimeSeconds();
    }
}
