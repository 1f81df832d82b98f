using AkkaScale.Node.Options;
using Microsoft.Extensions.Logging.Console;

namespace AkkaScale.Node.Host;

/// <summary>A node's web application with its configuration and its log, before anything is in it.</summary>
internal static class NodeWeb
{
    public static WebApplicationBuilder Create(string[] args)
    {
        var web = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        web.Configuration.AddCommandLine(args, AkkaScaleOptions.Switches);
        web.Logging.ClearProviders()
            .AddConsole(console => console.FormatterName = OperatorLog.FormatterName)
            .AddConsoleFormatter<OperatorLog, ConsoleFormatterOptions>();

        // The host throws what it logs: a port in use is told in one sentence by who catches it, not after a page of stack.
        web.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);
        return web;
    }
}
