using System.Net.Sockets;
using AkkaScale.Hosting.Options;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace AkkaScale.Hosting;

/// <summary>Entry points of a node's program.</summary>
public static class AkkaScaleNode
{
    /// <summary>Prints what is wrong with the configuration and exits with <see cref="ExitCodes.Refused"/> if it cannot work.</summary>
    public static AkkaScaleNodeBuilder CreateBuilder(string[] args)
    {
        try
        {
            return new AkkaScaleNodeBuilder(args);
        }
        catch (OptionsRefusedException refused)
        {
            foreach (var problem in refused.Problems)
            {
                Console.Error.WriteLine($"Configuration: {problem}");
            }

            Environment.Exit(ExitCodes.Refused);
            throw;
        }
    }

    /// <summary>Runs until SIGTERM, Ctrl-C or a failure, leaves the cluster in order, and returns the exit code.</summary>
    public static async Task<int> RunNodeAsync(this WebApplication app)
    {
        var engine = app.Services.GetRequiredService<Engine>();
        try
        {
            await app.RunAsync();
            return engine.ExitCode;
        }
        catch (IOException inUse) when (inUse.InnerException is AddressInUseException or SocketException)
        {
            Console.Error.WriteLine($"{inUse.Message} Choose other addresses with --cluster-bind, --management-bind and --gateway-bind, or stop what holds the port.");
            return ExitCodes.Refused;
        }
    }
}
