using System.Net;
using AkkaScale.Management.Api;
using AkkaScale.Management.Figures;
using AkkaScale.Node.Connections;
using AkkaScale.Node.Options;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AkkaScale.Node.Composition;

/// <summary>The two HTTP ports of a node, each with its bound on connections.</summary>
internal sealed partial class NodeListeners(NodeOptions node, TimeProvider time)
{
    public void Listen(KestrelServerOptions server)
    {
        server.AddServerHeader = false;
        var management = Room(server, "management", node.MaxManagementConnections);
        server.Listen(IPEndPoint.Parse(node.ManagementBind), listen => listen.Use(management.Guard).Use(ManagementPort.Mark));
        if (node.IsGateway)
        {
            var gateway = Room(server, "gateway", GatewayConnections(server));
            server.Listen(IPEndPoint.Parse(node.GatewayBind), listen => listen.Use(gateway.Guard));
        }
    }

    private ConnectionRoom Room(KestrelServerOptions server, string port, int bound) =>
        new(port, bound, time, server.ApplicationServices.GetRequiredService<ILogger<ConnectionRoom>>());

    /// <summary>As configured, or fewer where the system lets the process open fewer: else a flood would take the store its files.</summary>
    private int GatewayConnections(KestrelServerOptions server)
    {
        var wanted = node.MaxGatewayConnections;
        var files = OpenFiles.Limit();
        var fit = OpenFiles.Fit(wanted, node.MaxManagementConnections, files);
        if (fit < wanted)
        {
            LogFewer(server.ApplicationServices.GetRequiredService<ILogger<ConnectionRoom>>(), fit, wanted, files ?? 0);
        }

        return fit;
    }

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "The gateway port is bounded to {Fit} connections, not the {Wanted} of Node:MaxGatewayConnections: this process may open "
            + "{Files} files; raise the limit (ulimit -n)")]
    private static partial void LogFewer(ILogger logger, int fit, int wanted, long files);
}
