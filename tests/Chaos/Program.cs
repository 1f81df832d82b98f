using System.Runtime.InteropServices;
using AkkaScale.TestKit;
using AkkaScale.TestKit.Networks;
using AkkaScale.Tests.Chaos.Nemeses;

namespace AkkaScale.Tests.Chaos;

/// <summary>The program behind chaos.sh.</summary>
internal static class Program
{
    private const int Clean = 0, Unclean = 1, Misused = 2, NotPermitted = 77;

    public static async Task<int> Main(string[] arguments)
    {
        if (arguments.Any(argument => argument is "--help" or "-h"))
        {
            Console.WriteLine(ChaosOptions.Help);
            foreach (var nemesis in NemesisList.All)
            {
                Console.WriteLine($"  {nemesis.Name,-18} {nemesis.Does}");
            }

            return Clean;
        }

        ChaosOptions options;
        try
        {
            options = ChaosOptions.Parse(arguments);
        }
        catch (FormatException wrong)
        {
            await Console.Error.WriteLineAsync(wrong.Message);
            return Misused;
        }

        if (SpecNetwork.WhyNot is { } reason)
        {
            await Console.Error.WriteLineAsync($"skipped: {reason}");
            return NotPermitted;
        }

        return await RunAsync(options);
    }

    private static async Task<int> RunAsync(ChaosOptions options)
    {
        using var stop = new CancellationTokenSource();
        void End(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stop.Cancel();
        }

        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
        try
        {
            ChaosResult result;
            using (var terminal = new Terminal(options.Json))
            {
                result = await new ChaosRun(options, terminal).ExecuteAsync(stop.Token);
            }

            Console.WriteLine(options.Json ? result.ToJson() : result.ToString());
            return result.IsClean ? Clean : Unclean;
        }
        catch (SpecFailedException failure)
        {
            await Console.Error.WriteLineAsync(failure.Message);
            return Unclean;
        }
    }
}
