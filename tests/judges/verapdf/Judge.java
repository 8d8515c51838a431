import java.io.FileInputStream;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;

/** One line a file: "pass" or "fail", number of checks, file; broken rules follow. Exit code 1 if any file fails. */
public final class Judge {
    public static void main(String[] args) throws Exception {
        VeraGreenfieldFoundryProvider.initialise();
        var flavour = PDFAFlavour.fromString(args[0]);
        var foundry = Foundries.defaultInstance();
        boolean allPass = true;
        for (int i = 1; i < args.length; i++) {
            try (var in = new FileInputStream(args[i]);
                    var parser = foundry.createParser(in, flavour);
                    var validator = foundry.createValidator(flavour, false)) {
                var result = validator.validate(parser);
                allPass &= result.isCompliant();
                System.out.println((result.isCompliant() ? "pass " : "fail ") + result.getTotalAssertions() + " " + args[i]);
                for (TestAssertion a : result.getTestAssertions()) {
                    if (a.getStatus() == TestAssertion.Status.FAILED) {
                        System.out.println("     " + a.getRuleId().getClause() + "-" + a.getRuleId().getTestNumber() + " " + a.getMessage());
                    }
                }
            }
        }
        System.exit(allPass ? 0 : 1);
    }
}
