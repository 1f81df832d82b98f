using System.Net.Sockets;
using AkkaScale.Node.Options;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace AkkaScale.Node.Host;

/// <summary>Entry points of a node's program.</summary>
internal static class NodeProgram
{
    /// <summary>Prints what is wrong with the configuration and exits with <see cref="ExitCodes.Refused"/> if it cannot work.</summary>
    public static T OrRefuse<T>(Func<T> make)
    {
        try
        {
            return make();
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
    public static async Task<int> RunAsync(WebApplication app, Func<int> exitCode)
    {
        try
        {
            await app.RunAsync();
            return exitCode();
        }
        catch (IOException inUse) when (inUse.InnerException is AddressInUseException or SocketException)
        {
            Console.Error.WriteLine(PortInUse(inUse.Message));
            return ExitCodes.Refused;
        }
    }

    public static string PortInUse(string fault) =>
        $"{fault} Choose other addresses with --cluster-bind, --management-bind and --gateway-bind, or stop what holds the port.";
}
