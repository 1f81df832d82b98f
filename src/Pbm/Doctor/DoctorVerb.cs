using System.CommandLine;
using System.Globalization;
using AkkaScale.Pbm.Invocation;
using AkkaScale.Pbm.Management;
using AkkaScale.Pbm.Terminal;
using Spectre.Console;

namespace AkkaScale.Pbm.Doctor;

/// <summary>`pbm doctor`</summary>
internal static class DoctorVerb
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static Command Create(GlobalOptions global)
    {
        var doctor = new Command(
            "doctor", "What is not as it should be, with consequence and mend, and what the loss of a node would cost; exit code 1 on a warning, 4 on something critical.");
        HelpWithExamples.Register(doctor, "pbm doctor");
        doctor.SetAction((parsed, cancellation) => RunAsync(new Session(parsed, global), cancellation));
        return doctor;
    }

    private static async Task<int> RunAsync(Session session, CancellationToken cancellation)
    {
        using var client = session.Connect(Patience);
        var report = await client.GetAsync("/doctor", DoctorJson.Default.DoctorReport, cancellation).ConfigureAwait(false);
        if (session.Screen.Json)
        {
            session.Screen.WriteJson(report, DoctorJson.Default.DoctorReport);
        }
        else
        {
            Print(session.Screen, report);
        }

        return report.Worst switch
        {
            "critical" => ExitCode.Critical,
            "warning" => ExitCode.Finding,
            _ => ExitCode.Ok,
        };
    }

    private static void Print(Screen screen, DoctorReport report)
    {
        foreach (var finding in report.Findings)
        {
            screen.WriteLine($"{finding.Severity,-8} {finding.Code}: {finding.Title}", ColorOf(finding.Severity));
            screen.WriteLine($"         {finding.What}");
            screen.WriteLine($"         If it stays: {finding.Consequence}");
            screen.WriteLine($"         Mend: {finding.Mend}");
        }

        var predicted = report.Predictions;
        screen.WriteLine(report.Findings.Count == 0 ? "nothing found" : $"{Counted.Of(report.Findings.Count, "finding")}, the worst: {report.Worst}", ColorOf(report.Worst));
        if (predicted.ExpectedEndSeconds is { } ended)
        {
            screen.WriteLine($"a process that ends: expected {Seconds(ended)} ({Terms(predicted.ExpectedEndTerms)})");
        }

        screen.WriteLine($"a node that falls silent: expected {Seconds(predicted.ExpectedFailoverSeconds)} ({Terms(predicted.ExpectedFailoverTerms)})");
        screen.WriteLine($"                at the worst {Seconds(predicted.FailoverSeconds)} ({Terms(predicted.FailoverTerms)})");
    }

    private static string Terms(IReadOnlyList<TermShape> terms) => string.Join("; ", terms.Select(term => $"{term.Name} {Seconds(term.Seconds)}"));

    private static string Seconds(double seconds) => string.Create(CultureInfo.InvariantCulture, $"{seconds:0.###} s");

    private static Color? ColorOf(string severity) => severity switch
    {
        "critical" => Color.Red,
        "warning" => Color.Yellow,
        "ok" => Color.Green,
        _ => null,
    };
}
