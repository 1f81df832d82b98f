using System.Net;
using System.Reflection;
using AkkaScale.Management.Api;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;

namespace AkkaScale.Management.Hosting;

/// <summary>Opens the management port beside the ports of the program, whose pipeline never sees its requests.</summary>
/// <remarks>
/// As one more of the server's addresses: of addresses and <c>Listen</c> Kestrel takes but one. What comes through the port is told by the
/// connection.
/// </remarks>
internal sealed class ManagementListener(IPEndPoint bind) : IStartupFilter
{
    private static readonly string Version =
        typeof(ManagementListener).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0.0.0";

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        var addresses = app.ServerFeatures.Get<IServerAddressesFeature>()?.Addresses;
        if (addresses is null or { Count: 0 })
        {
            throw new InvalidOperationException(
                "AddClusterManagement adds its port to the addresses of the server, and there are none: give the program's own by urls (UseUrls, --urls).");
        }

        addresses.Add($"http://{bind}");
        ManagementPort.Use(app, IsFromHere, Version);
        next(app);
    };

    private bool IsFromHere(HttpContext context) =>
        context.Connection.LocalPort == bind.Port
        && (bind.Address.Equals(IPAddress.Any) || bind.Address.Equals(IPAddress.IPv6Any) || IsBound(context.Connection.LocalIpAddress));

    private bool IsBound(IPAddress? local) =>
        local is not null && bind.Address.Equals(local.IsIPv4MappedToIPv6 ? local.MapToIPv4() : local);
}
