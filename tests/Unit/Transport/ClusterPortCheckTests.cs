using AkkaScale.LegacyCluster.Membership;
using AkkaScale.LegacyCluster.Transport;
using Xunit;

namespace AkkaScale.Tests.Unit.Transport;

public sealed class ClusterPortCheckTests
{
    [Theory]
    [InlineData("127.0.0.1:4053")]
    [InlineData("127.1.2.3:0")]
    [InlineData("[::1]:4053")]
    [InlineData("localhost:4053")]
    public void Loopback_needs_no_secret(string bind) =>
        Assert.Empty(ClusterPortCheck.Problems(bind, new ClusterOptions(), new TransportOptions()));

    [Theory]
    [InlineData("0.0.0.0:4053")]
    [InlineData("[::]:4053")]
    [InlineData("10.0.0.1:4053")]
    [InlineData("*:4053")]
    [InlineData("localhost.example.com:4053")]
    public void Any_other_address_needs_a_secret_of_some_length(string bind)
    {
        Assert.Contains(
            "set AkkaScale:Cluster:Secret",
            Assert.Single(ClusterPortCheck.Problems(bind, new ClusterOptions(), new TransportOptions())));
        Assert.Contains(
            "shorter than 16 bytes",
            Assert.Single(ClusterPortCheck.Problems(bind, new ClusterOptions { Secret = "fifteen letters" }, new TransportOptions())));
        Assert.Empty(ClusterPortCheck.Problems(bind, new ClusterOptions { Secret = "sixteen letters!" }, new TransportOptions()));
    }

    [Theory]
    [InlineData("4053")]
    [InlineData(":4053")]
    [InlineData("127.0.0.1:65536")]
    [InlineData("127.0.0.1:")]
    [InlineData("::1:4053")]
    public void An_address_that_is_not_host_and_port_is_named(string bind) =>
        Assert.Contains(
            "must be host:port",
            Assert.Single(ClusterPortCheck.Problems(bind, new ClusterOptions { Secret = "sixteen letters!" }, new TransportOptions())));

    [Fact]
    public void Every_bound_that_makes_no_sense_is_named()
    {
        var problems = ClusterPortCheck.Problems(
            "127.0.0.1:4053",
            new ClusterOptions { Name = "" },
            new TransportOptions
            {
                MaxFrameBytes = 65_535,
                MaxUnsentBytes = 65_534,
                MaxConnections = 0,
                MinBackoff = TimeSpan.FromSeconds(2),
                HandshakeTimeout = TimeSpan.Zero,
                PingInterval = TimeSpan.Zero,
            });

        Assert.Equal(
            ["Cluster:Name", "MaxFrameBytes", "MaxUnsentBytes", "MaxConnections", "MinBackoff", "HandshakeTimeout", "PingInterval"],
            problems.Select(problem => problem.Split(' ')[0].Split(':', 2)[1].Replace("Transport:", "", StringComparison.Ordinal)));
    }
}
