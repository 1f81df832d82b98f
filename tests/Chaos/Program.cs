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
        Console.CancelKeyPress += (_, pressed) =>
        {
            pressed.Cancel = true;
            stop.Cancel();
        };
        try
        {
            var result = await new ChaosRun(options, options.Json ? static _ => { } : Console.WriteLine).ExecuteAsync(stop.Token);
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
