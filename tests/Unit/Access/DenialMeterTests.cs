using AkkaScale.Management.Access;

namespace AkkaScale.Tests.Unit.Access;

public sealed class DenialMeterTests
{
    [Fact]
    public void A_flood_leaves_a_few_rows_and_its_number()
    {
        var meter = new DenialMeter(burst: 3, TimeSpan.FromSeconds(1));

        Assert.Equal([0L, 0L, 0L, null, null], Enumerable.Range(0, 5).Select(_ => meter.Take(TimeSpan.Zero)));
        Assert.Equal(2, meter.Take(TimeSpan.FromSeconds(1)));
        Assert.Null(meter.Take(TimeSpan.FromSeconds(1.5)));
        Assert.Equal(1, meter.Take(TimeSpan.FromSeconds(2.5)));
    }

    [Fact]
    public void After_a_long_time_it_takes_no_more_at_once_than_at_first()
    {
        var meter = new DenialMeter(burst: 3, TimeSpan.FromSeconds(1));

        Assert.Equal([0L, 0L, 0L, null], Enumerable.Range(0, 4).Select(_ => meter.Take(TimeSpan.FromHours(1))));
    }
}
