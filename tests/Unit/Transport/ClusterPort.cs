using System.Net;
using AkkaScale.LegacyCluster.Membership;
using AkkaScale.LegacyCluster.Transport;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace AkkaScale.Tests.Unit.Transport;

/// <summary>A Kestrel server with nothing but a cluster port on loopback, mapped as the host maps it.</summary>
internal sealed class ClusterPort : IAsyncDisposable
{
    private readonly WebApplication _server;

    private ClusterPort(WebApplication server, ClusterConnectionHandler handler, int port)
    {
        _server = server;
        Handler = handler;
        Port = port;
    }

    public ClusterConnectionHandler Handler { get; }

    public int Port { get; }

    public static async Task<ClusterPort> StartAsync()
    {
        var handler = new ClusterConnectionHandler();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(handler);
        ListenOptions? port = null;
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            port = listen;
            listen.UseConnectionHandler<ClusterConnectionHandler>();
        }));
        var server = builder.Build();
        await server.StartAsync();
        return new ClusterPort(server, handler, port!.IPEndPoint!.Port);
    }

    public PeerNetwork NewNetwork() => new(
        new Incarnation(Guid.NewGuid()),
        TestNode.ClusterName,
        TestNode.Secret,
        new TransportOptions(),
        new RecordingReceiver(),
        TimeProvider.System,
        new Random(1),
        NullLoggerFactory.Instance);

    public async ValueTask DisposeAsync()
    {
        await _server.StopAsync(new CancellationToken(canceled: true));
        await _server.DisposeAsync();
    }
}
