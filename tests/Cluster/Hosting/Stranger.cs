using System.Security.Cryptography.X509Certificates;
using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.Remote.Transport.DotNetty;

namespace AkkaScale.Tests.Cluster.Hosting;

/// <summary>An actor system that nobody asked in: it believes everybody, and tries to reach an actor of a node.</summary>
internal sealed class Stranger : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly ActorSystem _system;
    private readonly bool _encrypts;

    private Stranger(ActorSystem system, bool encrypts) => (_system, _encrypts) = (system, encrypts);

    /// <param name="certificate">What it shows; null: it speaks plain text.</param>
    public static Stranger Start(X509Certificate2? certificate)
    {
        var setup = BootstrapSetup.Create().WithConfig(ConfigurationFactory.ParseString(
            $$"""
            akka.actor.provider = remote
            akka.loglevel = OFF
            akka.stdout-loglevel = OFF
            akka.remote.retry-gate-closed-for = 500ms
            akka.remote.dot-netty.tcp { hostname = 127.0.0.1, port = 0, enable-ssl = {{(certificate is null ? "off" : "on")}} }
            """));
        return new Stranger(
            ActorSystem.Create("stranger", certificate is null
                ? ActorSystemSetup.Create(setup)
                : ActorSystemSetup.Create(setup, new DotNettySslSetup(certificate, suppressValidation: true, requireMutualAuthentication: true))),
            certificate is not null);
    }

    /// <summary>Whether an actor there answers to one of so many questions: the first may be lost while the systems are getting to know each other.</summary>
    public async Task<bool> ReachesAsync(ProbeNode node, int questions)
    {
        var scheme = _encrypts ? "akka.ssl.tcp" : "akka.tcp";
        var actor = _system.ActorSelection($"{scheme}://{ProbeNodeSettings.SystemName}@127.0.0.1:{node.Settings.Port}/system/cluster");
        for (; questions > 0; questions--)
        {
            try
            {
                await actor.ResolveOne(Patience);
                return true;
            }
            catch (ActorNotFoundException)
            {
                // The next one.
            }
        }

        return false;
    }

    public async ValueTask DisposeAsync() => await _system.Terminate();
}
