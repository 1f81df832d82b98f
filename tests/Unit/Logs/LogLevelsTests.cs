using AkkaScale.Management.Api;
using AkkaScale.Management.Logs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace AkkaScale.Tests.Unit.Logs;

/// <summary>With the logging that a node has.</summary>
public sealed class LogLevelsTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly LogLevels _levels;
    private readonly LogRing _ring;
    private readonly ServiceProvider _services;

    public LogLevelsTests()
    {
        (_levels, _ring) = (new LogLevels(_time), new LogRing(_time));
        _services = new ServiceCollection()
            .AddLogging(logging => logging.AddFilter("AkkaScale", LogLevel.Information).AddFilter("AkkaScale.Loud", LogLevel.Error).AddFilter("Akka", LogLevel.Warning)
                .AddProvider(_ring))
            .AddSingleton<IPostConfigureOptions<LoggerFilterOptions>>(_levels)
            .AddSingleton<IOptionsChangeTokenSource<LoggerFilterOptions>>(_levels)
            .BuildServiceProvider();
    }

    public void Dispose()
    {
        _services.Dispose();
        _levels.Dispose();
    }

    [Fact]
    public void A_level_holds_for_its_time_and_goes_back_by_itself()
    {
        Assert.Equal("", Said());
        var held = _levels.Hold("AkkaScale", LogLevel.Debug, TimeSpan.FromMinutes(10));
        Assert.Equal(_time.GetUtcNow().AddMinutes(10), held.Until);
        Assert.Equal("AkkaScale.Sharding AkkaScale.Loud", Said());

        _time.Advance(TimeSpan.FromMinutes(9));
        Assert.Equal("AkkaScale.Sharding AkkaScale.Loud", Said());
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal("", Said());
        Assert.Null(_levels.Now);
    }

    [Fact]
    public void Only_the_classes_that_were_named_are_heard()
    {
        _levels.Hold("AkkaScale.Sharding", LogLevel.Debug, TimeSpan.FromMinutes(1));
        Assert.Equal("AkkaScale.Sharding", Said());
        _levels.Hold("Akka", LogLevel.Debug, TimeSpan.FromMinutes(1));
        Assert.Equal("Akka.Cluster", Said());
        _levels.Reset();
        Assert.Equal("", Said());
    }

    [Fact]
    public void A_second_order_replaces_the_first_and_its_end()
    {
        var changes = new List<LogLevel?>();
        _levels.Changed += held => changes.Add(held?.Level);
        _levels.Hold("AkkaScale", LogLevel.Debug, TimeSpan.FromMinutes(1));
        _levels.Hold("AkkaScale", LogLevel.Trace, TimeSpan.FromMinutes(5));

        _time.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(LogLevel.Trace, _levels.Now?.Level);
        _time.Advance(TimeSpan.FromMinutes(3));
        Assert.Equal([LogLevel.Debug, LogLevel.Trace, null], changes);
    }

    [Theory]
    [InlineData("AkkaScale", true)]
    [InlineData("Akka.Cluster.Sharding", true)]
    [InlineData("AkkaScale.", false)]
    [InlineData("AkkaX", false)]
    [InlineData("Npgsql", false)]
    [InlineData("Microsoft.AspNetCore", false)]
    [InlineData("", false)]
    [InlineData("Akka.\n", false)]
    public void What_others_write_stays_out_of_the_log(string source, bool isAllowed) => Assert.Equal(isAllowed, LogWords.MaySet(source));

    /// <summary>Which classes are heard when each says something at level debug.</summary>
    private string Said()
    {
        var before = _ring.Read(null, LogLevel.Trace, 1).Latest;
        var loggers = _services.GetRequiredService<ILoggerFactory>();
        foreach (var source in new[] { "AkkaScale.Sharding", "AkkaScale.Loud", "Akka.Cluster" })
        {
            loggers.CreateLogger(source).Log(LogLevel.Debug, default, "something", null, static (said, _) => said);
        }

        return string.Join(' ', _ring.Read(before, LogLevel.Trace, 10).Entries.Select(entry => entry.Source));
    }
}
