using Akka.Actor;
using Akka.Configuration;
using AkkaScale.Cluster;
using AkkaScale.Cluster.Options;

namespace AkkaScale.Tests.Cluster.Scenarios;

/// <summary>Remoting in plain text is refused where others may reach it, before anything is asked of the database.</summary>
public sealed class PlaintextTests
{
    [Theory]
    [InlineData("127.0.0.1", "", false, null)]
    [InlineData("localhost", "", false, null)]
    [InlineData("0.0.0.0", "127.0.0.1", false, "AllowPlaintext")]
    [InlineData("0.0.0.0", "127.0.0.1", true, null)]
    public async Task Remoting_in_plain_text_off_loopback_needs_to_be_allowed_by_name(
        string hostname, string publicHostname, bool allowed, string? refusal)
    {
        var system = ActorSystem.Create("probe", ConfigurationFactory.ParseString(
            $$"""
            akka.actor.provider = remote
            akka.loglevel = OFF
            akka.stdout-loglevel = OFF
            akka.remote.dot-netty.tcp { hostname = "{{hostname}}", public-hostname = "{{publicHostname}}", port = 0 }
            """));
        try
        {
            var self = ((ExtendedActorSystem)system).Provider.DefaultAddress;
            var error = Record.Exception(() => RemotingCheck.Run(system, self, allowed));
            if (refusal is null)
            {
                Assert.Null(error);
            }
            else
            {
                Assert.Contains(refusal, Assert.IsType<ClusterRefusedException>(error).Message, StringComparison.Ordinal);
            }
        }
        finally
        {
            await system.Terminate();
        }
    }
}
